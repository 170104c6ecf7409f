"""The house beside the model of need-to-know: what it has on record and what its doorway does, compared."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from handlers import access as files
from handlers.request import Kind
from handlers.views import Form, Invalid, Options, Page, Reply, Say, Text
from storage import access, barriers, people
from storage.store import Tx
from tests.support.house import House
from tests.support.need_to_know_model import RIGHTS, Model, Window

FILES = {"heron": ("4711", "Brightwater Estates"), "otter": ("4712", "Zephyrine Holdings")}
PEOPLE = ("amelia", "luca", "sana", "tomas", "margaret")


def took(said: Reply) -> bool:
    """Whether the house did it: a refusal is a sentence without a title, or a fault beside a field."""
    assert isinstance(said, Page | Say | Invalid), said
    assert "went wrong" not in repr(said)
    return isinstance(said, Page) or (isinstance(said, Say) and bool(said.title))


class Watch:
    """`records` and `walls`: the rights and barriers that the house was seen to have, by id, also when they are over;
    `standing`: ids of those that stood when it was last looked at."""

    def __init__(self, house: House, model: Model) -> None:
        self.house, self.model, self.looks = house, model, 0
        self.word = {id: word for word, id in house.ids.items()}
        self.records: dict[str, tuple[str, str, str]] = {}
        self.walls: dict[str, tuple[str, str]] = {}
        self.standing: set[str] = set()

    def fills(self, who: str, form: str, subject: str = "", **values: Any) -> Reply:
        """A form opened and sent in, or what is said instead of one."""
        opened = self.house.open(who, form, subject)
        return self.house.submit(who, opened, values) if isinstance(opened, Form) else opened

    def look(self) -> None:
        """Rights, barriers, and who may what: all of it now, and a third of what was remembered."""
        self.looks += 1
        self.standing = set()
        self.house.read(self._look)

    def _look(self, tx: Tx) -> None:
        ids, model = self.house.ids, self.model
        for file in FILES:
            assert self._words(access.people_of(tx, ids[file])) == model.listed(file), file
            for at in [at for at in model.past if at < model.now][self.looks % 3 :: 3]:
                assert self._words(access.people_of(tx, ids[file], at)) == model.past[at][file].listed, (file, at)
        for who in PEOPLE:
            me = people.by_id(tx, ids[who])
            assert me is not None
            for file in FILES:
                assert files.may_open(tx, me, ids[file]) == model.may_open(who, file), (who, file)
                assert files.may_write(tx, me, ids[file]) == model.may_write(who, file), (who, file)
            held = {r.id: (self.word[r.client_id], who, r.basis) for r in access.of_person(tx, me.id)}
            assert sorted(held.values()) == sorted((w.file, who, w.kind) for w in self._has(who, *RIGHTS)), who
            self._seen(self.records, held)
        walls = {b.id: (self.word[b.client_id], self.word[b.person_id]) for b in barriers.standing_now(tx)}
        has = [(w.file, who) for who in PEOPLE for w in self._has(who, "barrier")]
        assert sorted(walls.values()) == sorted(has)
        self._seen(self.walls, walls)

    def _words(self, ids: Iterable[str]) -> set[str]:
        return {self.word[id] for id in ids}

    def _has(self, who: str, *kinds: str) -> list[Window]:
        return [window for file in FILES for window in self.model.standing(file, *kinds, who=who)]

    def _seen(self, known: dict[str, Any], now: Mapping[str, Any]) -> None:
        """In an order that does not hang on the ids, which are random."""
        known.update({id: now[id] for id in sorted(now, key=lambda id: now[id]) if id not in known})
        self.standing |= set(now)

    def tries_the_doorway(self, who: str) -> None:
        """Type-ahead, one's own page, and both files; while somebody is gone all of it is refused."""
        house, model, here = self.house, self.model, self.model.here(who)
        found, page = house.ask(who, Kind.SEARCH, "my-clients"), house.ask(who, Kind.COMMAND, "access")
        assert (isinstance(found, Options), isinstance(page, Page)) == (here, here), who
        offered = {option.value for option in found.options} if isinstance(found, Options) else set()
        assert offered == {house.ids[file] for file in FILES if model.may_write(who, file)}, who
        for file in FILES:
            opened = house.open(who, "client.file", house.ids[file])
            assert isinstance(opened, Page) == model.may_open(who, file), (who, file, opened)
            granted = model.may_write(who, file) and "grant" in model.kinds(who, file)
            named = f"Quiet {file.title()}" in repr(page) or house.ids[file] in repr(page)
            assert named == (granted or model.in_emergency(who, file)), (who, file)

    def asks_as_of(self, auditor: str, file: str, at: datetime) -> None:
        """Who could see the file, by the page for auditors and by the model's memory."""
        page = self.fills(auditor, "access.as-of", number=FILES[file][0], at=at)
        assert isinstance(page, Page), page
        told = {item.text.partition(" · ")[0] for item in page.items if isinstance(item, Text) and not item.strong}
        could = [self.house.ids[who] for who in self.model.past[at][file].could_open]
        names = self.house.read(lambda tx: people.names(tx, set(could)))
        assert told == (set(names.values()) or {"Nobody."}), (file, at)
