"""What the doctor says: one finding a check, with the cure."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """A warning works, but somebody should know; an error does not work, or will not when it is needed."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`cure` is what to do, empty when all is well."""

    check: str
    status: Status
    detail: str
    cure: str = ""


def ok(check: str, detail: str) -> Finding:
    """All is well."""
    return Finding(check=check, status=Status.OK, detail=detail)


def warning(check: str, detail: str, cure: str) -> Finding:
    """It works, but look at it."""
    return Finding(check=check, status=Status.WARNING, detail=detail, cure=cure)


def error(check: str, detail: str, cure: str) -> Finding:
    """It does not work, or will not when it is needed."""
    return Finding(check=check, status=Status.ERROR, detail=detail, cure=cure)
