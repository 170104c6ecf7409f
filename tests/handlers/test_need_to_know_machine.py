"""Need-to-know against a model of its own: whatever people do with two files, in whatever order and at whatever time,
the house opens what the model opens and nothing else, today and looking back. On both databases."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from handlers.request import Kind
from handlers.views import Say
from storage import people
from storage.store import Tx
from tests.support.house import House
from tests.support.need_to_know_model import Asked, Model, Window
from tests.support.need_to_know_watch import FILES, PEOPLE, Watch, took

JUNE = datetime(2027, 6, 18, 15, 30, tzinfo=UTC)  # a Friday, half past four in London: a day ends an hour before UTC's
LAST_DAY = date(2027, 6, 30)  # of tomas, a contractor
WHY = "Somebody has to look at it today."
IT, ONE, OWNER = "it", "one", "owner"  # the file and the person of this example, and whoever decides about the file

person, file = st.sampled_from((*(ONE,) * 7, *PEOPLE)), st.sampled_from((*(IT,) * 6, *FILES))
by = st.sampled_from((*(OWNER,) * 8, ONE, *PEOPLE, "jonas", "rosa"))
guardian = st.sampled_from(("rosa", "rosa", "rosa", "margaret", "luca"))
long = st.sampled_from(("week", "month", "quarter", "year"))
pick = st.integers(0, 2) | st.integers(0, 999)  # from the last one backwards


class NeedToKnow(RuleBasedStateMachine):
    """Each example has one person and one file that most of it is about, or what happens would seldom meet."""

    asked, begun = Bundle("asked"), Bundle("begun")

    def __init__(self, house: House, *, everybody: bool) -> None:
        super().__init__()
        self.house, self.everybody = house, everybody
        self.part: set[str] = set()  # who had a part in the last step
        house.write(self._guardians)
        house.now = JUNE
        self.model = Model(now=JUNE, owner={"heron": "amelia", "otter": "luca"}, last_day={"tomas": LAST_DAY})
        for kind, who, name in (("owner", "amelia", "heron"), ("team", "luca", "heron"), ("owner", "luca", "otter")):
            self.model.windows.append(Window(kind=kind, who=who, file=name, start=JUNE))
        self.watch = Watch(house, self.model)

    def _guardians(self, tx: Tx) -> None:
        people.change(tx, self.house.ids["margaret"], roles=["senior_management", "guardian"])
        people.change(tx, self.house.ids["rosa"], roles=["records", "guardian"])

    @initialize(who=st.sampled_from(PEOPLE), file=st.sampled_from(sorted(FILES)))
    def it_is_about(self, who: str, file: str) -> None:
        self.one, self.it = who, file

    def teardown(self) -> None:
        self.house.close()

    def _meant(self, file: str, by: str = "", who: str = "") -> tuple[str, str, str]:
        """File, actor, and who has a part."""
        file, who = self.it if file == IT else file, self.one if who == ONE else who
        owner = self.model.owner[file]
        decides = owner if self.model.here(owner) else "rosa"
        self.part = {who or owner}
        return file, {OWNER: decides, ONE: self.one}.get(by, by), who

    @rule(by=by, file=file, who=person, long=long)
    def access_is_given(self, by: str, file: str, who: str, long: str) -> None:
        file, by, who = self._meant(file, by, who)
        values = {"person": self.house.ids[who], "purpose": "work", "until": long, "reason": WHY}
        said = self.watch.fills(by, "access.give", self.house.ids[file], **values)
        assert took(said) == self.model.gives(by, file, who, long), said

    @rule(by=by, pick=pick)
    def a_right_is_ended_by_its_button(self, by: str, pick: int) -> None:
        known = self.watch.records
        id, (file, who, kind) = list(known.items())[-1 - pick % len(known)]
        file, by, who = self._meant(file, by, who)
        said = self.house.act(by, "access.end", id)
        assert took(said) == self.model.ends(by, file, who, kind, over=id not in self.watch.standing), said

    @rule(target=asked, who=person, file=file, long=long)
    def somebody_asks_by_number(self, who: str, file: str, long: str) -> Any:
        file, _by, who = self._meant(file, who=who)
        said = self.watch.fills(who, "access.ask", number=FILES[file][0], purpose="cover", until=long, reason=WHY)
        asked = self.model.asks(who, file, long)
        assert took(said) == bool(asked), said
        return (said.reference, asked) if isinstance(said, Say) and asked else multiple()

    @rule(by=by, file=file, asked=asked, yes=st.booleans())
    def a_request_is_answered(self, by: str, file: str, asked: tuple[str, Asked], yes: bool) -> None:
        id, request = asked
        file, by, _who = self._meant(request.file or file, by, request.who)
        said = self.house.act(by, "access.approve" if yes else "access.refuse", id)
        assert took(said) == self.model.answers(by, request, yes=yes), said

    @rule(by=guardian, file=file, who=person)
    def a_barrier_is_set(self, by: str, file: str, who: str) -> None:
        file, by, who = self._meant(file, by, who)
        values = {"number": FILES[file][0], "person": self.house.ids[who], "kind": "conflict", "reason": WHY}
        said = self.watch.fills(by, "barrier.set", **values)
        assert took(said) == self.model.bars(by, file, who), said

    @precondition(lambda self: self.watch.walls)
    @rule(by=guardian, pick=pick)
    def a_barrier_is_lifted(self, by: str, pick: int) -> None:
        known = self.watch.walls
        id, (file, who) = list(known.items())[-1 - pick % len(known)]
        file, by, who = self._meant(file, by, who)
        said = self.watch.fills(by, "barrier.lift", id, reason=WHY)
        assert took(said) == self.model.lifts(by, file, who, over=id not in self.watch.standing), said

    @rule(target=begun, who=person, file=file, minutes=st.sampled_from((60, 120, 240)))
    def an_emergency_begins(self, who: str, file: str, minutes: int) -> Any:
        file, _by, who = self._meant(file, who=who)
        values = {"number": FILES[file][0], "code": "court", "reason": WHY, "minutes": str(minutes)}
        said = self.watch.fills(who, "emergency", **values)
        window, id = self.model.begins(who, file, minutes), said.reference if isinstance(said, Say) else ""
        assert bool(id) == bool(window), said
        return (id, window) if window else multiple()

    @rule(emergency=begun, by=st.sampled_from(("", "", "luca")))
    def somebody_is_done(self, emergency: tuple[str, Window], by: str) -> None:
        id, window = emergency
        _file, by, _who = self._meant(window.file, by or window.who, window.who)
        said = self.house.act(by, "emergency.end", id)
        assert took(said) == self.model.is_done(by, window), said

    @rule(emergency=begun, by=by | st.just("priya"), needed=st.booleans())
    def an_emergency_is_reviewed(self, emergency: tuple[str, Window], by: str, needed: bool) -> None:
        id, window = emergency
        _file, by, _who = self._meant(window.file, by, window.who)
        said = self.house.act(by, "emergency.needed" if needed else "emergency.not-needed", id)
        assert took(said) == self.model.reviews(by, window, needed=needed), said

    @rule(by=by, file=file, who=person)
    def a_file_is_handed_over(self, by: str, file: str, who: str) -> None:
        file, by, who = self._meant(file, by, who)
        self.part.add(self.model.owner[file])
        said = self.watch.fills(by, "access.owner", self.house.ids[file], person=self.house.ids[who])
        assert took(said) == self.model.hands_over(by, file, who), said

    @rule(file=file, owner=st.just("") | person, team=st.sets(person, max_size=2))
    def the_client_list_comes_in(self, file: str, owner: str, team: set[str]) -> None:
        file, _by, owner = self._meant(file, who=owner or self.model.owner[self.it if file == IT else file])
        named = {self.one if who == ONE else who for who in team}
        self.part |= {self.model.owner[file], *named}
        team_cell = ";".join(f"{who}@harbour.example" for who in sorted(named))
        row = dict(zip(("ref", "name"), FILES[file], strict=True)) | {"line": "2", "team": team_cell}
        row["owner"] = f"{owner}@harbour.example"
        said: Any = self.house.ask(None, Kind.DESK, "clients.import", operator="op", rows=(row,))
        assert said.ok == self.model.list_says(file, owner, named), said

    @precondition(lambda self: len(self.model.left) < 2)
    @rule(who=person, really=st.sampled_from((False, False, True)))
    def somebody_leaves(self, who: str, really: bool) -> None:
        _file, _by, who = self._meant(IT, who=who)
        if really and who not in self.model.left:
            self.house.write(lambda tx: people.change(tx, self.house.ids[who], left_at=tx.now))
            self.model.left.add(who)

    @precondition(lambda self: self.model.here("tomas"))
    @rule(days=st.integers(0, 40))
    def the_contract_gets_another_last_day(self, days: int) -> None:
        day = self.model.today + timedelta(days=days)
        self.house.write(lambda tx: people.change(tx, self.house.ids["tomas"], ends_on=day.isoformat()))
        self.model.last_day["tomas"] = day

    @rule(minutes=st.integers(1, 300) | st.sampled_from((1, 4, 30, 91, 366)).map(lambda days: days * 24 * 60))
    def time_passes(self, minutes: int) -> None:
        self._goes_on(self.model.now + timedelta(minutes=minutes))

    @precondition(lambda self: self.model.edges())
    @rule(pick=pick, early=st.booleans())
    def it_is_just_before_or_just_when_something_ends(self, pick: int, early: bool) -> None:
        edges = self.model.edges()
        self._goes_on(edges[pick % len(edges)] - timedelta(microseconds=1 if early else 0))

    def _goes_on(self, until: datetime) -> None:
        """Timers fire on the way, but for those of a long stretch, which fire after it."""
        if until - self.model.now < timedelta(days=8):
            self.house.later(seconds=(until - self.model.now) / timedelta(seconds=1))
        self.house.now = self.model.now = until
        self.house.later(seconds=0)
        self.model.clock_strikes()
        self.part = {self.one}

    @rule(file=file, pick=pick)
    def the_dpo_asks_who_could_see_a_file(self, file: str, pick: int) -> None:
        at = list(self.model.past)[-1 - pick % len(self.model.past)]
        self.watch.asks_as_of("priya", self._meant(file)[0], at)

    @invariant()
    def the_house_does_what_the_model_says(self) -> None:
        self.watch.look()
        self.model.remember(PEOPLE)
        turn = PEOPLE[self.watch.looks % len(PEOPLE)]
        for who in PEOPLE if self.everybody else sorted({turn, *self.part}):
            self.watch.tries_the_doorway(who)


@pytest.fixture
def new_house(tmp_path: Path, new_database: Callable[[], str]) -> Callable[[], House]:
    return lambda: House(tmp_path, new_database())


def tried(new_house: Callable[[], House], *, examples: int, steps: int, everybody: bool = False, **more: Any) -> None:
    """As many firms as there are examples; nothing is written down of those that failed but what is printed."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    how = settings(max_examples=examples, stateful_step_count=steps, database=None, suppress_health_check=slow, **more)
    run(lambda: NeedToKnow(new_house(), everybody=everybody), settings=how)


def test_the_house_opens_what_the_rules_open_and_nothing_else(new_house: Callable[[], House]) -> None:
    tried(new_house, examples=12, steps=25, derandomize=True)


@pytest.mark.long
def test_it_does_so_for_many_firms_and_for_everybody_after_every_step(new_house: Callable[[], House]) -> None:
    tried(new_house, examples=100, steps=60, everybody=True)
