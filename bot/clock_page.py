"""docs/clocks.md, made from the packs: every statutory clock with its article and how good our source is.

Invariants: the page says nothing that the packs do not; a test keeps it equal to them
(`sopwith explain clocks --list > docs/clocks.md`).
"""

from collections.abc import Iterable, Iterator

from handlers.rules.clock_conditions import Count, Of, When
from handlers.rules.clock_facts import Risk
from handlers.rules.clock_terms import Clock
from handlers.rules.clock_why import length
from handlers.rules.counting import Counting

_HEAD = """# Statutory clocks
Made by `sopwith explain clocks --list` from `handlers/packs/*.toml`; change those, not this page. It is no legal
advice: the software proposes, and a named person decides whom to tell. `sopwith explain clocks FACTS.json` shows which
of these run for a breach, until when and why.

- What is not known counts as the worse answer, so the clock starts.
- Hours run day and night, weekends and holidays included. A day ends at 24:00 in the firm's zone unless *zone* is set;
  the day of the event is day 0. Only `calendar_days_roll` and `business_days` care for weekends and holidays.
- No number under *length*: the law says "without undue delay" or the like, and there is no due date. A *firm target*
  is no law.
- *Source*: `confirmed` was read in a copy of the text; `secondary` comes from another text; `unconfirmed` was not
  found, or sources differ. Check the last two before you rely on them.
- A firm changes or adds clocks in its policy file: [settings](settings.md#statutory-clocks)."""
_COLUMNS = ("id", "to", "starts when", "length", "counted", "only if", "law", "source")


def page(clocks: Iterable[Clock]) -> str:
    """The page in Markdown, one table for each beginning of the ids."""
    families: dict[str, list[Clock]] = {}
    for clock in clocks:
        families.setdefault(clock.id.partition(".")[0], []).append(clock)
    return "\n".join([_HEAD, *(line for name, group in families.items() for line in _table(name, group))])


def _table(name: str, clocks: Iterable[Clock]) -> Iterator[str]:
    yield f"\n## {name}"
    yield f"| {' | '.join(_COLUMNS)} |"
    yield "|" + "---|" * len(_COLUMNS)
    for clock in sorted(clocks, key=lambda one: one.id):
        yield f"| {' | '.join(cell.replace('|', '/') for cell in _cells(clock))} |"


def _cells(clock: Clock) -> Iterator[str]:
    yield f"`{clock.id}`{'' if clock.enabled else ' (switched off)'}"
    yield clock.recipient
    facts = f"notice of `{clock.after}`" if clock.after else " or ".join(f"`{name}`" for name in clock.start)
    yield f"{clock.start_event} ({facts})"
    yield _length(clock)
    yield f"`{clock.counting.value}`" + (f" ({clock.calendar})" if clock.calendar else "")
    yield "; ".join([*_who(clock), *conditions(clock.when)]) or "always"
    yield f"{clock.citation}: {clock.standard}. {' '.join(clock.notes)}".strip()
    yield f"{clock.quality.value}, {clock.verified_on.isoformat()}, version {clock.version}"


def _length(clock: Clock) -> str:
    parts = [length(clock) or "none"]
    if clock.counting is Counting.FORMULA:
        parts.append(f"{clock.backstop} hours after awareness at the latest")
    if clock.also_due:
        parts.append(f"with `{clock.also_due}` if that goes earlier")
    if clock.internal_target:
        parts.append(f"firm target {clock.internal_target} hours")
    if clock.holds:
        parts.append(f"hold: {', '.join(clock.holds)}")
    if clock.zone:
        parts.append(f"zone {clock.zone.key}")
    return "; ".join(parts)


def _who(clock: Clock) -> Iterator[str]:
    if clock.role:
        yield " or ".join(role.value.replace("_", " ") for role in clock.role)


def conditions(when: When) -> Iterator[str]:
    """Each part of a condition in words."""
    yield from (flag.replace("_", " ") for flag in when.yes)
    if when.risk:
        yield "high risk" if when.risk is Risk.HIGH else "risk"
    if when.unsecured:
        yield "not secured"
    if when.sector:
        yield f"sector {' or '.join(when.sector)}"
    if when.sector_known:
        yield f"sector known to be {' or '.join(when.sector_known)}"
    if when.not_sector:
        yield f"sector not known to be {' or '.join(when.not_sector)}"
    yield from (_count(one) for one in when.counts)
    if when.any_of:
        yield " or ".join(" and ".join(conditions(one)) for one in when.any_of)


def _count(count: Count) -> str:
    whose = {Of.INDIVIDUALS: "people", Of.ANY_STATE: "people of one state", Of.OTHER_STATES: "people of other states"}
    of = f"people of {count.of}" if isinstance(count.of, str) else whose[count.of]
    if count.at_least is not None:
        return f"{count.at_least} or more {of}"
    return f"more than {count.more_than} {of}" if count.more_than is not None else f"fewer than {count.below} {of}"
