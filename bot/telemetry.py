"""What the running service says of itself: JSON logs of named words only, and Prometheus figures without people.

Invariants: a log line holds nothing but the keys listed here; an exception is logged as its type and the places it
passed, never its message; no id of a person, no subject and no text is a label.
"""

import asyncio
import logging
import random
import sys
import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SAID = frozenset(
    "event level timestamp action kind name outcome seconds reference error where port count version reason check "
    "state attempts status method path signal".split()
)
REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "sopwith_requests_total", "Requests through the doorway", ["kind", "name", "outcome"], registry=REGISTRY
)
SECONDS = Histogram("sopwith_request_seconds", "Time in the doorway", ["kind"], registry=REGISTRY)
NOTICES = Counter("sopwith_notices_total", "Notices by what became of them", ["kind", "outcome"], registry=REGISTRY)
FAULTS = Counter("sopwith_faults_total", "Faults of our own, by where and what", ["action", "error"], registry=REGISTRY)
OLDEST = Gauge("sopwith_oldest_due_timer_seconds", "Age of the oldest due timer", registry=REGISTRY)
WAITING = Gauge("sopwith_waiting_notices", "Notices that wait to be sent", registry=REGISTRY)
SOCKETS = Gauge("sopwith_slack_connections", "Socket Mode connections that stand", registry=REGISTRY)
SKEW = Gauge("sopwith_clock_skew_seconds", "This machine's clock ahead of Slack's, at least", registry=REGISTRY)
log = structlog.get_logger()


def _only_what_may_be_said(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in line.items() if key in SAID}


def set_up(level: int = 20) -> None:
    """JSON lines on standard error; of what a library has to say only whose it is, for its words and tracebacks may
    hold content. The platform SDKs' own loggers are silenced by their adapters."""
    logging.getLogger().addHandler(_LIBRARIES)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_what_may_be_said,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


@dataclass
class Outcome:
    """How it went, in one of our words."""

    word: str = "done"


@contextmanager
def measured(kind: str, name: str) -> Iterator[Outcome]:
    """Count and time one request."""
    outcome, start = Outcome(), time.perf_counter()
    try:
        yield outcome
    finally:
        seconds = time.perf_counter() - start
        REQUESTS.labels(kind, name, outcome.word).inc()
        SECONDS.labels(kind).observe(seconds)
        log.info("request", kind=str(kind), name=name, outcome=outcome.word, seconds=round(seconds, 4))


def fault(action: str, name: str, error: BaseException, *, reference: str = "") -> None:
    """Log a fault: the exception's type and the last places it passed; its message may hold content and stays out."""
    FAULTS.labels(str(action), type(error).__name__).inc()
    places, frame = [], error.__traceback__
    while frame:
        code = frame.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{frame.tb_lineno}:{code.co_name}")
        frame = frame.tb_next
    log.error(
        "fault",
        action=str(action),
        name=name,
        error=type(error).__name__,
        where=places[-6:],
        reference=reference,
    )


def shut(name: str) -> logging.Logger:
    """A logger for a library that would log what it was sent: of a record only whose it is and its exception stay."""
    logger = logging.getLogger(name)
    logger.addFilter(_only_the_fault)
    return logger


def _only_the_fault(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if error:
        fault("library", record.name, error)
    elif record.levelno >= logging.WARNING:
        log.warning("fault", action="library", name=record.name)
    return False


class _Libraries(logging.Handler):
    """Stands where Python would print a library's words to standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        with suppress(OSError, ValueError):  # a closed standard error is no fault of who logs
            log.warning("library", name=record.name, error=type(error).__name__ if error else "")


_LIBRARIES = _Libraries(logging.WARNING)


def unhandled(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """An event loop's exception handler: a task's fault that nobody waited for, in our words."""
    error = context.get("exception")
    if isinstance(error, BaseException):
        fault("loop", "task", error)
    else:
        log.warning("fault", action="loop")


def backoff(attempts: int, *, cap: float = 300.0) -> timedelta:
    """2, 4, 8 … seconds, at most `cap`, each between half and one and a half of it, so that crowds spread."""
    base = min(cap, 2.0 ** min(attempts + 1, 16))
    return timedelta(seconds=base * (0.5 + random.random()))  # noqa: S311  spreading, not secrecy
