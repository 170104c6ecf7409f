"""The escalation ladder: who is told next, who is not, and that it never ends in silence."""

from dataclasses import replace

import pytest

from handlers.rules.next_rung import Holder, Ladder, Rung, Skip, Step, Why, next_rung
from handlers.rules.spans import Span, Unit

DAY = Span(amount=1, unit=Unit.BUSINESS_DAYS)
QUARTER = Span(amount=15, unit=Unit.MINUTES)
OVERDUE = Ladder(
    rungs=(
        Rung(to="supervisor", acknowledge_within=DAY),
        Rung(to="department_head", acknowledge_within=DAY),
        Rung(to="senior_management"),
    ),
    repeat=QUARTER,
)
SUE, DAN, SAM = Holder(person_id="sue"), Holder(person_id="dan"), Holder(person_id="sam")
FIRM = {0: (SUE,), 1: (DAN,), 2: (SAM,)}


def away(holder: Holder, deputy: str | None = "dee", *, available: bool = True) -> Holder:
    return replace(holder, away=True, deputy_id=deputy, deputy_available=available)


@pytest.mark.parametrize(
    ("current", "rung", "tell", "within", "last"),
    [
        (None, 0, "sue", DAY, False),
        (0, 1, "dan", DAY, False),
        (1, 2, "sam", QUARTER, True),  # no limit of its own: the repeat
        (2, 2, "sam", QUARTER, True),
        (7, 2, "sam", QUARTER, True),  # a rung that the ladder no longer has
    ],
)
def test_the_ladder_is_climbed_rung_by_rung_and_the_last_repeats(
    current: int | None, rung: int, tell: str, within: Span, last: bool
) -> None:
    step = next_rung(OVERDUE, current, FIRM)
    assert (step.rung, step.tell, step.acknowledge_within, step.last) == (rung, (tell,), within, last)
    assert not step.skipped
    assert not step.nobody_above


def test_a_first_step_needs_no_reason_and_a_repeat_says_so() -> None:
    assert next_rung(OVERDUE, None, FIRM).reasons == ()
    assert next_rung(OVERDUE, 2, FIRM).reasons == ("Senior management: told again, the last on the list.",)


def test_the_limit_of_the_last_rung_counts_once_and_then_the_repeat() -> None:
    ladder = replace(OVERDUE, rungs=(*OVERDUE.rungs[:2], Rung(to="senior_management", acknowledge_within=DAY)))
    assert next_rung(ladder, 1, FIRM).acknowledge_within == DAY
    assert next_rung(ladder, 2, FIRM).acknowledge_within == QUARTER
    assert next_rung(replace(ladder, repeat=None), 2, FIRM).acknowledge_within == DAY
    assert next_rung(Ladder(rungs=(Rung(to="dpo"),)), 0, {0: (SUE,)}).acknowledge_within is None


def test_several_holders_of_one_role_are_all_told_once() -> None:
    assert next_rung(OVERDUE, None, {**FIRM, 0: (SUE, DAN, SUE)}).tell == ("sue", "dan")


def test_a_holder_who_is_away_is_represented_by_the_deputy_and_that_is_said() -> None:
    step = next_rung(OVERDUE, None, {**FIRM, 0: (away(SUE),)})
    assert (step.rung, step.tell, step.skipped) == (0, ("dee",), ())
    assert step.reasons == ("Supervisor: away, so the deputy is told.",)


def test_the_deputy_of_two_absent_holders_is_told_once() -> None:
    assert next_rung(OVERDUE, None, {**FIRM, 0: (away(SUE), away(Holder(person_id="sid")))}).tell == ("dee",)


NOBODY_AT_THE_FIRST_RUNG = [
    (replace(SUE, active=False), Why.LEFT, "Supervisor: has left."),
    (replace(SUE, screened=True), Why.NOT_AVAILABLE, "Supervisor: not available."),
    (replace(SUE, is_subject=True), Why.SUBJECT, "Supervisor: not available."),
    (away(SUE, None), Why.AWAY, "Supervisor: away, and no deputy can stand in."),
    (away(SUE, available=False), Why.AWAY, "Supervisor: away, and no deputy can stand in."),
    (away(SUE, "sue"), Why.AWAY, "Supervisor: away, and no deputy can stand in."),
    (replace(away(SUE), deputy_screened=True), Why.AWAY, "Supervisor: away, and no deputy can stand in."),
    (replace(away(SUE), deputy_is_subject=True), Why.AWAY, "Supervisor: away, and no deputy can stand in."),
    (replace(away(SUE), screened=True), Why.NOT_AVAILABLE, "Supervisor: not available."),
    (replace(away(SUE), active=False), Why.LEFT, "Supervisor: has left."),
    (replace(SUE, active=False, screened=True), Why.NOT_AVAILABLE, "Supervisor: not available."),
]


@pytest.mark.parametrize(("holder", "why", "reason"), NOBODY_AT_THE_FIRST_RUNG)
def test_a_holder_who_cannot_be_told_is_skipped_with_the_reason(holder: Holder, why: Why, reason: str) -> None:
    step = next_rung(OVERDUE, None, {**FIRM, 0: (holder,)})
    assert (step.rung, step.tell) == (1, ("dan",))
    assert step.skipped == (Skip(rung=0, person_id="sue", reason=why),)
    assert step.reasons == (reason,)
    beside = next_rung(OVERDUE, None, {**FIRM, 0: (holder, SAM)})
    assert (beside.rung, beside.tell, beside.skipped) == (0, ("sam",), step.skipped)


def test_the_words_shown_tell_neither_of_a_wall_nor_of_whom_the_matter_is_about() -> None:
    said = {
        next_rung(OVERDUE, None, {**FIRM, 0: (holder,)}).reasons
        for holder in (replace(SUE, screened=True), replace(SUE, is_subject=True))
    }
    assert said == {("Supervisor: not available.",)}


def test_a_deputy_who_is_away_or_barred_elsewhere_on_the_ladder_does_not_stand_in() -> None:
    for dee in (
        Holder(person_id="dee", away=True, deputy_id="sam", deputy_available=True),  # one deputy deep, no further
        Holder(person_id="dee", active=False),
        Holder(person_id="dee", screened=True),
        Holder(person_id="dee", is_subject=True),
    ):
        step = next_rung(OVERDUE, None, {0: (away(SUE),), 1: (DAN,), 2: (dee, SAM)})
        assert (step.rung, step.tell) == (1, ("dan",)), dee


def test_somebody_said_to_be_screened_as_a_deputy_is_not_told_as_a_holder_either() -> None:
    firm = {**FIRM, 0: (replace(away(SUE, "dan"), deputy_screened=True),)}
    step = next_rung(OVERDUE, None, firm)
    assert (step.rung, step.tell) == (2, ("sam",))
    assert step.skipped[1] == Skip(rung=1, person_id="dan", reason=Why.NOT_AVAILABLE)


def test_a_rung_with_nobody_is_passed_over() -> None:
    step = next_rung(OVERDUE, None, {2: (SAM,)})
    assert (step.rung, step.tell, step.last) == (2, ("sam",), True)
    assert step.reasons == ("Supervisor: nobody has this role.", "Department head: nobody has this role.")


def test_nobody_is_told_twice_on_the_way_up() -> None:
    both = {**FIRM, 1: (SUE, DAN)}
    assert next_rung(OVERDUE, 0, both, frozenset({"sue"})).tell == ("dan",)
    small = {0: (SUE,), 1: (SUE,), 2: (SAM,)}
    step = next_rung(OVERDUE, 0, small, frozenset({"sue"}))
    assert (step.rung, step.tell) == (2, ("sam",))
    assert step.skipped == (Skip(rung=1, person_id="sue", reason=Why.TOLD),)
    assert step.reasons == ("Department head: told already.",)


def test_a_deputy_who_was_told_already_is_not_told_again_on_the_way_up() -> None:
    step = next_rung(OVERDUE, 0, {**FIRM, 1: (away(DAN),)}, frozenset({"dee"}))
    assert (step.rung, step.tell) == (2, ("sam",))
    assert step.skipped == (Skip(rung=1, person_id="dee", reason=Why.TOLD),)


def test_on_the_repeat_of_the_last_rung_all_of_it_is_told_again() -> None:
    firm = {**FIRM, 2: (SAM, SUE)}
    assert next_rung(OVERDUE, 1, firm, frozenset({"sue", "dan"})).tell == ("sam",)
    assert next_rung(OVERDUE, 2, firm, frozenset({"sue", "dan", "sam"})).tell == ("sam", "sue")


def test_where_one_person_holds_every_role_she_is_told_again_rather_than_nobody() -> None:
    step = next_rung(OVERDUE, 0, {0: (SUE,), 1: (SUE,), 2: (SUE,)}, frozenset({"sue"}))
    assert (step.rung, step.tell, step.last, step.nobody_above) == (2, ("sue",), True, False)
    assert step.acknowledge_within == QUARTER
    assert step.skipped == ()
    assert step.reasons[-1] == "Senior management: told again, the last on the list."


def test_a_person_passed_over_is_recorded_once() -> None:
    gone = replace(DAN, active=False)
    step = next_rung(OVERDUE, 0, {0: (SUE,), 1: (SUE, gone)}, frozenset({"sue"}))
    assert (step.rung, step.tell) == (1, ("sue",))
    assert step.skipped == (Skip(rung=1, person_id="dan", reason=Why.LEFT),)


@pytest.mark.parametrize("current", [0, 1, 2])
def test_when_the_top_is_empty_the_highest_rung_with_anybody_is_told_again_and_the_admins_should_know(
    current: int,
) -> None:
    gone = replace(SAM, active=False)
    step = next_rung(OVERDUE, current, {0: (SUE,), 1: (), 2: (gone,)}, frozenset({"sue"}))
    assert (step.rung, step.tell, step.last, step.nobody_above) == (0, ("sue",), True, True)
    assert step.acknowledge_within == QUARTER
    assert Skip(rung=2, person_id="sam", reason=Why.LEFT) in step.skipped
    assert step.reasons[-1] == "Supervisor: told again, as nobody further up can be told."


def test_with_nobody_on_the_whole_ladder_the_step_is_empty_and_says_why_and_when_to_look_again() -> None:
    firm = {0: (replace(SUE, active=False),), 2: (replace(SAM, screened=True),)}
    for current in (None, 0, 1, 2):
        step = next_rung(OVERDUE, current, firm)
        assert step == Step(
            rung=2,
            tell=(),
            skipped=(
                Skip(rung=0, person_id="sue", reason=Why.LEFT),
                Skip(rung=2, person_id="sam", reason=Why.NOT_AVAILABLE),
            ),
            reasons=(
                "Supervisor: has left.",
                "Department head: nobody has this role.",
                "Senior management: not available.",
                "Nobody on the whole list can be told.",
            ),
            last=True,
            nobody_above=True,
            acknowledge_within=QUARTER,
        )


def test_the_breach_ladder_names_the_dpo_as_people_write_it() -> None:
    ladder = Ladder(rungs=(Rung(to="dpo", acknowledge_within=QUARTER), Rung(to="senior_management")), repeat=QUARTER)
    step = next_rung(ladder, None, {0: (away(SUE),), 1: (SAM,)})
    assert step.reasons == ("DPO: away, so the deputy is told.",)


def test_a_ladder_that_could_never_work_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Ladder(rungs=())
    with pytest.raises(ValueError, match="once"):
        Ladder(rungs=(Rung(to="dpo", acknowledge_within=DAY), Rung(to="dpo")))
    with pytest.raises(ValueError, match="time to acknowledge"):
        Ladder(rungs=(Rung(to="supervisor"), Rung(to="dpo")))
    with pytest.raises(ValueError, match="counted from 0"):
        next_rung(OVERDUE, -1, FIRM)
