"""What holds for every ladder and every firm, however odd or contradictory its people file."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.next_rung import Holder, Ladder, Rung, Why, next_rung
from handlers.rules.spans import Span, Unit

HOUR = Span(amount=1, unit=Unit.HOURS)
PEOPLE = ("ann", "bob", "cleo", "dev", "eve")
Firm = Mapping[int, tuple[Holder, ...]]

rare = st.integers(0, 3).map(lambda roll: roll == 0)
holders = st.builds(
    Holder,
    person_id=st.sampled_from(PEOPLE),
    active=rare.map(lambda left: not left),
    away=st.booleans(),
    screened=rare,
    is_subject=rare,
    deputy_id=st.none() | st.sampled_from(PEOPLE),
    deputy_available=st.booleans(),
    deputy_screened=rare,
    deputy_is_subject=rare,
)
firms = st.dictionaries(st.integers(0, 3), st.lists(holders, max_size=3).map(tuple), max_size=4)
ladders = st.builds(
    lambda size, limit, repeat: Ladder(
        rungs=tuple(
            Rung(to=f"role_{at}", acknowledge_within=HOUR if at < size - 1 or limit else None) for at in range(size)
        ),
        repeat=repeat,
    ),
    st.integers(1, 4),
    st.booleans(),
    st.none() | st.just(HOUR),
)
currents = st.none() | st.integers(0, 5)
told_already = st.frozensets(st.sampled_from(PEOPLE))


def everybody(firm: Firm) -> list[Holder]:
    return [holder for row in firm.values() for holder in row]


@given(ladders, currents, firms, told_already)
def test_nobody_who_left_is_screened_or_concerned_is_ever_told(
    ladder: Ladder, current: int | None, firm: Firm, told: frozenset[str]
) -> None:
    tell = set(next_rung(ladder, current, firm, told).tell)
    for holder in everybody(firm):
        if holder.screened or holder.is_subject or not holder.active:
            assert holder.person_id not in tell
        if holder.deputy_id and (holder.deputy_screened or holder.deputy_is_subject):
            assert holder.deputy_id not in tell
        if holder.away:
            assert holder.person_id not in tell


@given(ladders, currents, firms, told_already)
def test_only_holders_of_that_rung_and_deputies_of_its_absent_holders_are_told_each_once(
    ladder: Ladder, current: int | None, firm: Firm, told: frozenset[str]
) -> None:
    step = next_rung(ladder, current, firm, told)
    row = firm.get(step.rung, ())
    entitled = {holder.person_id for holder in row}
    entitled |= {holder.deputy_id for holder in row if holder.deputy_id and holder.deputy_available}
    assert set(step.tell) <= entitled
    assert len(step.tell) == len(set(step.tell))
    assert not {skip.person_id for skip in step.skipped} & set(step.tell)


@given(ladders, currents, firms, told_already)
def test_a_step_is_empty_only_when_nobody_on_the_ladder_can_be_told_and_then_it_says_so(
    ladder: Ladder, current: int | None, firm: Firm, told: frozenset[str]
) -> None:
    step = next_rung(ladder, current, firm, told)
    barred = {h.person_id for h in everybody(firm) if h.screened or h.is_subject or not h.active or h.away}
    barred |= {h.deputy_id for h in everybody(firm) if h.deputy_id and (h.deputy_screened or h.deputy_is_subject)}
    somebody = any(
        holder.person_id not in barred for index in range(len(ladder.rungs)) for holder in firm.get(index, ())
    )
    assert step.tell or not somebody
    if not step.tell:
        assert step.nobody_above
        assert step.last
        assert step.reasons[-1] == "Nobody on the whole list can be told."


@given(ladders, firms)
def test_every_ladder_reaches_its_end_and_stays_there(ladder: Ladder, firm: Firm) -> None:
    """Climbing with the memory of who was told: at most one step a rung until `last`, then the same step for ever."""
    step = next_rung(ladder, None, firm)
    told = frozenset(step.tell)
    for _ in range(len(ladder.rungs) - 1):
        if not step.last:
            step = next_rung(ladder, step.rung, firm, told)
            told |= set(step.tell)
    assert step.last
    first = next_rung(ladder, step.rung, firm, told)
    again = next_rung(ladder, first.rung, firm, told)
    assert (again.rung, again.tell, again.last) == (first.rung, first.tell, True)


@given(ladders, currents, firms, told_already)
def test_a_step_goes_up_unless_nobody_up_there_is_new(
    ladder: Ladder, current: int | None, firm: Firm, told: frozenset[str]
) -> None:
    step = next_rung(ladder, current, firm, told)
    if current is not None and not step.last:
        assert step.rung > current
        assert set(step.tell).isdisjoint(told)


@given(ladders, currents, firms, told_already)
def test_what_is_shown_names_no_person_and_no_wall(
    ladder: Ladder, current: int | None, firm: Firm, told: frozenset[str]
) -> None:
    step = next_rung(ladder, current, firm, told)
    assert not any(person in reason for person in PEOPLE for reason in step.reasons)
    assert not any(Why.SUBJECT.value in reason or "screen" in reason for reason in step.reasons)
