"""No right, no key, no plaintext: every door to sealed content asks, and no question of the record gives any."""

import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import pytest

import storage
from handlers import access as files
from handlers.request import Refused
from storage import clients, complaints, people
from storage.store import Tx
from tests.support.house import House
from tests.support.scene import HERON, REASON, Scene

SECRETS = ("Brightwater", "Zephyrine", "Asked for the draft.", REASON, "Somebody new", "wrong address")
KEYS = {"keys", "generations", "keychain"}  # the vault's own, which an import contract keeps to the doors
NOUNS = [import_module(f"storage.{found.name}") for found in iter_modules(storage.__path__) if found.name not in KEYS]
DOORS: dict[str, Callable[[Tx, people.Person, str], object]] = {
    "file": lambda tx, person, id: files.open_client(tx, person, id, "test"),
    "complaint": lambda tx, person, id: files.for_a_case(tx, person, id, complaints.everything_open(tx)[0].id),
    "quarantine": lambda tx, person, _id: files.open_quarantine(tx, person, "test"),
    "barriers": lambda tx, person, _id: files.among_barriers(tx, person, "test"),
}


@pytest.fixture
def scene(house: House) -> Scene:
    return Scene(house)


def person(scene: Scene, who: str) -> people.Person:
    found: people.Person = scene.house.read(lambda tx: people.by_id(tx, scene.house.ids[who]))
    return found


@pytest.mark.parametrize("door", DOORS)
def test_each_door_refuses_whoever_has_no_right(scene: Scene, door: str) -> None:
    nobodys = person(scene, "nora")
    with pytest.raises(Refused):
        scene.house.write(lambda tx: DOORS[door](tx, nobodys, scene.house.ids["heron"]))


def test_the_doors_that_open_without_asking_for_a_right_only_put_in_or_name_ones_own(scene: Scene) -> None:
    """Every public function of the way in is known here: whoever adds one says what it asks for."""
    asks = {"way", "knows", "may_open", "may_write", "open_client", "through", "open_quarantine", "among_barriers"}
    asks |= {"for_a_case"}
    ones_own = {"names", "my_names"}
    puts_in = {"into_quarantine", "into_file", "new_file", "renamed"}
    others = {"closed", "name_of", "current_names", "fingerprint"}  # words; from an open file; the import; a hash
    found = {n for n, f in vars(files).items() if inspect.isfunction(f) and f.__module__ == files.__name__}
    assert {name for name in found if not name.startswith("_")} == asks | ones_own | puts_in | others
    nora = person(scene, "nora")
    assert scene.house.read(lambda tx: list(files.my_names(tx, nora))) == []
    heron = scene.house.read(lambda tx: clients.by_id(tx, scene.house.ids["heron"]))
    assert scene.house.read(lambda tx: files.names(tx, nora, [heron])) == {}
    for sealer in (lambda tx: files.into_file(tx, heron), files.into_quarantine):
        assert not hasattr(scene.house.write(sealer), "unseal")


def questions(module: ModuleType) -> list[tuple[str, Callable[..., Any]]]:
    """What can be asked of a noun: its public functions whose first argument is a transaction."""
    found = inspect.getmembers(module, inspect.isfunction)
    own = [(name, f) for name, f in found if f.__module__ == module.__name__ and not name.startswith("_")]
    return [(name, f) for name, f in own if next(iter(inspect.signature(f).parameters), "") == "tx"]


def arguments(scene: Scene, question: Callable[..., Any]) -> list[dict[str, object]]:
    """One set for each id there is, for every argument that is asked for."""
    ids = [*scene.subjects.values(), *scene.house.ids.values(), HERON]
    names = [
        p for p in list(inspect.signature(question).parameters.values())[1:] if p.default is inspect.Parameter.empty
    ]
    if any(p.kind in {p.VAR_KEYWORD, p.VAR_POSITIONAL} for p in names):
        names = [p for p in names if p.kind not in {p.VAR_KEYWORD, p.VAR_POSITIONAL}]
    return [{p.name: _value(p, id) for p in names} for id in ids] if names else [{}]


def _value(parameter: inspect.Parameter, id: str) -> object:
    kind = str(parameter.annotation)
    if kind == "int":
        return 500
    if "Collection" in kind or kind.startswith(("list", "set")):
        return [id]
    return id


def test_no_question_of_the_record_gives_plaintext(scene: Scene) -> None:
    """Each is asked with every id of the firm; whatever it answers, no sealed text is in it."""
    asked = 0
    for module in NOUNS:
        for name, question in questions(module):
            for values in arguments(scene, question):

                def ask(tx: Tx, question: Callable[..., Any] = question, values: dict[str, object] = values) -> str:
                    answer = question(tx, **values)
                    return everything(list(answer) if inspect.isgenerator(answer) else answer)

                try:
                    said = scene.house.read(ask)
                except Exception:  # noqa: BLE001  a question that writes, or another kind of id
                    continue
                asked += 1
                assert [secret for secret in SECRETS if secret in said] == [], (module.__name__, name)
    assert asked > 1000


def everything(answer: object) -> str:
    """All that is in an answer, bytes read as text wherever they can be."""
    if isinstance(answer, bytes):
        return answer.decode(errors="replace")
    if is_dataclass(answer):
        return " ".join(everything(getattr(answer, field.name)) for field in fields(answer))
    if isinstance(answer, dict):
        return " ".join(everything(part) for pair in answer.items() for part in pair)
    if isinstance(answer, list | tuple | set | frozenset):
        return " ".join(everything(part) for part in answer)
    return str(answer)
