"""Words on screen: the one door for translation, and times said so that nobody has to guess.

Every time shown carries weekday, clock time and zone; the date is added when the day is not within the next six.
"""

import gettext
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_translations = gettext.NullTranslations()


def _(text: str) -> str:
    """English is the key; no other language is shipped yet."""
    return _translations.gettext(text)


def city(zone: ZoneInfo) -> str:
    """`Europe/London` is shown as `London`; a zone without a city keeps its name."""
    return zone.key.rsplit("/", 1)[-1].replace("_", " ")


def when(instant: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`Mon 16:00 (London)` within six days of `now`, else `Mon 23 Nov 2026 16:00 (London)`; never without a zone."""
    local = instant.astimezone(zone)
    near = abs(local.date() - now.astimezone(zone).date()) < timedelta(days=6)
    day = local.strftime("%a") if near else local.strftime("%a %-d %b %Y")
    return f"{day} {local:%H:%M} ({city(zone)})"


def listing(words: list[str]) -> str:
    """`a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return _("{first} and {last}").format(first=", ".join(words[:-1]), last=words[-1])
