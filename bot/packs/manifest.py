"""The manifest of a pack: what kind of pack it is, what it is about, and the SHA-256 and size of every file in it.

Invariants: the manifest lists every file but itself and its seal; names are plain file names in one folder; what is
read is checked to its last field before anything is done with it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

FORMAT = "sopwith-pack/1"
MANIFEST, SEAL, PUBLIC_KEY = "manifest.json", "manifest.sig", "public-key.txt"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A file as it was written: SHA-256 in hexadecimal, size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`kind` says who can check what is inside (verifying.py); `about` is for that kind; `made_at` is aware, UTC."""

    kind: str
    made_at: datetime
    about: Mapping[str, Any]
    files: Mapping[str, Listed]


class BadManifest(ValueError):
    """This is not a manifest of a pack; the message says why."""


def written(manifest: Manifest) -> bytes:
    """As it lies in the pack."""
    fields = {
        "format": FORMAT,
        "kind": manifest.kind,
        "made_at": manifest.made_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "about": manifest.about,
        "files": {name: {"sha256": one.sha256, "size": one.size} for name, one in sorted(manifest.files.items())},
    }
    return (json.dumps(fields, ensure_ascii=False, indent=2) + "\n").encode()


def read(content: bytes) -> Manifest:
    """What `written` wrote, else `BadManifest`."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise BadManifest("it is not JSON") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise BadManifest(f"it does not say {FORMAT}: perhaps a newer version made it")
    kind, made_at, about, files = (found.get(name) for name in ("kind", "made_at", "about", "files"))
    if not isinstance(kind, str) or not isinstance(about, dict) or not isinstance(files, dict):
        raise BadManifest("a field is missing or of another kind")
    listed = {name: _listed(name, one) for name, one in files.items()}
    return Manifest(kind=kind, made_at=_instant(made_at), about=about, files=listed)


def _listed(name: str, found: object) -> Listed:
    if not _NAME.fullmatch(name) or name in {MANIFEST, SEAL}:
        raise BadManifest(f"{name!r} is no name of a file in a pack")
    hash, size = (found.get("sha256"), found.get("size")) if isinstance(found, dict) else (None, None)
    if not isinstance(hash, str) or not _HASH.fullmatch(hash) or type(size) is not int or size < 0:
        raise BadManifest(f"{name} has no hash or no size")
    return Listed(sha256=hash, size=size)


def _instant(found: object) -> datetime:
    try:
        made_at = datetime.fromisoformat(str(found))
    except ValueError:
        raise BadManifest("it does not say when it was made") from None
    if made_at.tzinfo is None:
        raise BadManifest("the time when it was made has no zone")
    return made_at
