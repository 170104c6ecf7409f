"""When each kind of regular work last went well, by our own clock: what the watch looks at."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass
class Pulse:
    """`last`: by kind of work."""

    last: dict[str, datetime] = field(default_factory=dict)

    def well(self, kind: str) -> None:
        """It went well just now."""
        self.last[kind] = datetime.now(UTC)

    def late(self, kind: str, limit: timedelta) -> bool:
        """True when this has not gone well for longer than `limit`."""
        return datetime.now(UTC) - self.last.get(kind, datetime.min.replace(tzinfo=UTC)) > limit
