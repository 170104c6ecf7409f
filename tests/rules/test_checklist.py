"""The breach checklist: its order, where it stands, and the first moves that fit what the report tells."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.checklist import STEPS, Progress, Step, StepFact, progress, standing, time_to_report
from handlers.rules.mishap import Mishap, containment, kind_of

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def fact(step: Step, *, done: bool = True, minutes: int = 0, by: str = "dpo") -> StepFact:
    return StepFact(step=step, done=done, by=by, at=NOON + timedelta(minutes=minutes))


# --- the six steps


def test_the_steps_are_those_of_the_sop_in_its_order() -> None:
    assert [guide.step.value for guide in STEPS] == ["contain", "inform", "assess", "report", "tell_clients", "review"]
    assert [guide.step for guide in STEPS] == list(Step)
    assert all(guide.title and guide.guidance and "\n" not in guide.guidance for guide in STEPS)


def test_without_facts_everything_is_open_and_containing_comes_first() -> None:
    assert standing([]) == dict.fromkeys(Step)
    assert progress(standing([])) == Progress(done=0, total=6, next=Step.CONTAIN)


def test_the_next_step_is_the_first_open_one_even_when_a_later_one_is_done() -> None:
    facts = [fact(Step.INFORM)]
    assert standing(facts)[Step.INFORM] == facts[0]
    assert progress(standing(facts)) == Progress(done=1, total=6, next=Step.CONTAIN)
    facts.append(fact(Step.CONTAIN, minutes=5))
    assert progress(standing(facts)) == Progress(done=2, total=6, next=Step.ASSESS)


def test_when_all_are_done_nothing_is_next() -> None:
    assert progress(standing(fact(step) for step in Step)) == Progress(done=6, total=6, next=None)


def test_a_step_taken_back_is_open_again_and_can_be_done_again() -> None:
    facts = [fact(Step.CONTAIN), fact(Step.CONTAIN, done=False, minutes=1)]
    assert standing(facts)[Step.CONTAIN] is None
    facts.append(fact(Step.CONTAIN, minutes=2, by="sue"))
    assert standing(facts)[Step.CONTAIN] == facts[2]


def test_the_latest_fact_wins_in_whatever_order_they_are_read() -> None:
    old, new = fact(Step.ASSESS), fact(Step.ASSESS, done=False, minutes=1)
    assert standing([new, old])[Step.ASSESS] is None
    assert standing([old, new])[Step.ASSESS] is None


def test_of_two_facts_at_one_instant_the_later_in_the_list_wins() -> None:
    tick, untick = fact(Step.ASSESS), fact(Step.ASSESS, done=False)
    assert standing([tick, untick])[Step.ASSESS] is None
    assert standing([untick, tick])[Step.ASSESS] == tick


facts_of_any_kind = st.lists(
    st.builds(fact, st.sampled_from(Step), done=st.booleans(), minutes=st.integers(0, 5), by=st.sampled_from("ab"))
)


@given(facts_of_any_kind)
def test_a_standing_names_every_step_in_order_and_only_facts_that_say_done(facts: list[StepFact]) -> None:
    stand = standing(facts)
    assert list(stand) == list(Step)
    assert all(fact is None or (fact.done and fact.step is step and fact in facts) for step, fact in stand.items())
    assert progress(stand).done == sum(fact is not None for fact in stand.values())
    assert (progress(stand).next is None) == (progress(stand).done == 6)


@given(facts_of_any_kind, st.sampled_from(Step))
def test_a_new_fact_moves_its_own_step_only(facts: list[StepFact], step: Step) -> None:
    before, after = standing(facts), standing([*facts, fact(step, minutes=9)])
    assert after[step] is not None
    assert all(after[other] == before[other] for other in Step if other is not step)


def test_a_time_without_a_zone_is_refused() -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        StepFact(step=Step.CONTAIN, done=True, by="dpo", at=naive)
    for first, reported in ((naive, NOON), (NOON, naive)):
        with pytest.raises(ValueError, match="zone"):
            time_to_report(first, reported)


def test_the_time_to_report_runs_from_the_first_sign() -> None:
    assert time_to_report(NOON, NOON + timedelta(minutes=42)) == timedelta(minutes=42)
    assert time_to_report(NOON, NOON) == timedelta(0)
    with pytest.raises(ValueError, match="first sign"):
        time_to_report(NOON + timedelta(seconds=1), NOON)


# --- the first moves


@pytest.mark.parametrize(
    ("report", "kind"),
    [
        ("I sent the Harlow contract to the wrong client by e-mail", Mishap.MISDIRECTED),
        ("Reply-all with the client list", Mishap.MISDIRECTED),
        ("Letter posted to the wrong old address, opened by the new tenant", Mishap.MISDIRECTED),
        ("Client received someone else’s invoice in the envelope", Mishap.MISDIRECTED),
        ("Email went to everybody in cc instead of BCC", Mishap.MISDIRECTED),
        ("I forwarded the draft to the other side by mistake", Mishap.MISDIRECTED),
        ("I told my supervisor that I sent it to the wrong person", Mishap.MISDIRECTED),
        ("I left my laptop on the train", Mishap.LOST),
        ("I left a folder with client papers on the train.", Mishap.LOST),
        ("I can’t find my phone", Mishap.LOST),
        ("Papers left in a café... I mean a taxi", Mishap.LOST),
        ("my bag was stolen from the car", Mishap.LOST),
        ("stolen laptop with passwords on a sticky note", Mishap.LOST),
        ("I told my supervisor that I lost my phone", Mishap.LOST),
        ("break-in at the office last night", Mishap.LOST),
        ("Clicked a link in an e-mail and typed my password", Mishap.ACCOUNT),
        ("The e-mail account of Ben was HACKED", Mishap.ACCOUNT),
        ("Ransomware on the server", Mishap.ACCOUNT),
        ("stolen password", Mishap.ACCOUNT),  # a tie with "lost": the more pressing wins
        ("A caller pretending to be the client got the account details", Mishap.ACCOUNT),
        ("The shared drive was open to everybody in the firm", Mishap.ACCESS),
        ("New intern had access to the Heron file", Mishap.ACCESS),
        ("Ben left the firm in May and can still open the folder", Mishap.ACCESS),
        ("client file visible to another client in the portal", Mishap.ACCESS),
        ("Someone overheard me talking to a client in the lift", Mishap.SPOKEN),
        ("I told my brother-in-law about the merger", Mishap.SPOKEN),
        ("Discussed the deal loudly in a restaurant", Mishap.SPOKEN),
        ("something odd happened", Mishap.OTHER),
        ("my laptop", Mishap.OTHER),  # one hint is too little
        ("the uncompromised clostridium", Mishap.OTHER),  # words count, not pieces of words
        ("", Mishap.OTHER),
    ],
)
def test_the_words_of_a_report_tell_what_kind_of_mishap_it_is(report: str, kind: Mishap) -> None:
    assert kind_of(report) is kind


REPORTS = {
    Mishap.ACCOUNT: "phishing: I gave my password",
    Mishap.LOST: "I lost my laptop",
    Mishap.MISDIRECTED: "sent to the wrong person",
    Mishap.ACCESS: "the shared folder was open to everyone",
    Mishap.SPOKEN: "we were overheard",
    Mishap.OTHER: "something odd",
}


@pytest.mark.parametrize("kind", Mishap)
def test_every_kind_has_three_moves_of_its_own(kind: Mishap) -> None:
    moves = containment(REPORTS[kind], True, True)
    assert kind_of(REPORTS[kind]) is kind
    assert len(moves) == len(set(moves)) == 3
    for other in set(Mishap) - {kind}:
        assert set(moves).isdisjoint(containment(REPORTS[other], True, True))


def test_a_lost_device_is_locked_a_wrong_letter_is_asked_back_and_an_account_is_closed() -> None:
    assert "lock and wipe" in containment(REPORTS[Mishap.LOST], True, True)[0]
    assert "return it" in containment(REPORTS[Mishap.MISDIRECTED], True, True)[1]
    assert "change its password" in containment(REPORTS[Mishap.ACCOUNT], True, True)[0]


@pytest.mark.parametrize("report", REPORTS.values())
def test_what_is_over_is_checked_and_what_may_go_on_is_stopped(report: str) -> None:
    going_on, unsure, over = (containment(report, True, ongoing) for ongoing in (True, None, False))
    assert unsure == going_on  # "not sure" counts as the worse answer
    assert over[0] != going_on[0]
    assert over[1:] == going_on[1:]


def test_whose_data_it_is_is_noted_for_the_dpo_without_names_in_the_chat() -> None:
    assert "whose details" in containment("lost laptop", True, True)[2]
    assert "whether people's details may be in it" in containment("lost laptop", None, True)[2]
    assert "which clients or matters" in containment("lost laptop", False, True)[2]


BLAME = (
    "fault",
    "blame",
    "careless",
    "should have",
    "you failed",
    "mistake",
    "negligen",
    "violat",
    "disciplin",
    "why did",
)


@pytest.mark.parametrize("report", REPORTS.values())
@pytest.mark.parametrize("personal", [True, None, False])
@pytest.mark.parametrize("ongoing", [True, None, False])
def test_no_move_blames_and_every_move_is_short(report: str, personal: bool | None, ongoing: bool | None) -> None:
    for move in containment(report, personal, ongoing):
        assert not any(word in move.lower() for word in BLAME)
        assert move.endswith(".") or move.endswith("?")
        assert len(move) <= 200


@given(st.text(), st.none() | st.booleans(), st.none() | st.booleans())
def test_any_report_gets_exactly_three_moves_and_none_repeats_its_words(
    report: str, personal: bool | None, ongoing: bool | None
) -> None:
    known = {move for each in REPORTS.values() for move in containment(each, personal, ongoing)}
    moves = containment(report, personal, ongoing)
    assert len(moves) == 3
    assert set(moves) <= known
