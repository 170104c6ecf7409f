"""A pack attacked: whatever is changed in it makes `verify` say no, by somebody outside or by the firm with its key."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.checkpoints import origin
from bot.opening import open_store
from bot.packs import log_pack
from bot.packs.log_lines import CHECKPOINT, ENTRIES, LEAVES, README
from bot.packs.manifest import MANIFEST, PUBLIC_KEY, SEAL, Listed
from bot.packs.verifying import PackVerdict, verdict
from storage import audit, checkpoint, tree
from tests.support.installed import Installed
from tests.support.proof import copied, listing, of_kind, resealed, signed_over

FILES = (ENTRIES, LEAVES, CHECKPOINT, PUBLIC_KEY, README, MANIFEST, SEAL)
OTHER = bytes(range(32))
ENTRIES_MADE = 12


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """A firm with some entries, of which `pack` is the export, and an older and a newer checkpoint of its log."""
    built = Installed(tmp_path_factory.mktemp("firm"))
    settings = built.settings()
    store = open_store(settings)
    for number in range(ENTRIES_MADE):
        store.write(lambda tx, n=number: audit.record(tx, "thing.done", who="PE-1", thing=f"IN-{n}")).result()
        if number == ENTRIES_MADE // 2:
            (built.folder / "older.txt").write_text(signed(built, store.read(audit.head).result()))
    store.close()
    log_pack.export(settings, built.folder / "pack", None, None)
    return built


@pytest.fixture
def pack(firm: Installed, tmp_path: Path) -> Path:
    return copied(firm.folder / "pack", tmp_path / "pack")


def seed(firm: Installed) -> bytes:
    return firm.settings().secrets.audit_key


def signed(firm: Installed, head: tree.Frontier) -> str:
    return checkpoint.sign(seed(firm), origin(seed(firm)), head.size, tree.root(head))


def found(pack: Path, kept: str = "", key: checkpoint.PublicKey | None = None) -> PackVerdict:
    return verdict(pack, kept, key)


def lines(pack: Path) -> list[bytes]:
    return (pack / ENTRIES).read_bytes().splitlines(keepends=True)


# --- by somebody without the key


def test_untouched_it_is_whole(pack: Path) -> None:
    whole = found(pack)
    assert (whole.ok, whole.problem, whole.first_bad) == (True, "", None)
    assert (whole.first, whole.last) == (1, whole.size)
    assert whole.size > ENTRIES_MADE


@pytest.mark.parametrize("name", FILES)
def test_any_byte_changed_anywhere_is_seen(pack: Path, name: str) -> None:
    path = pack / name
    content = path.read_bytes()
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        assert not found(pack).ok, f"{name}: byte {place}"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "change", [lambda c: c[:-1], lambda c: c + b"\n", lambda c: b"", lambda c: b"\n" + c, lambda c: c * 2]
)
def test_any_file_cut_short_or_made_longer_is_seen(pack: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    (pack / name).write_bytes(change((pack / name).read_bytes()))
    assert not found(pack).ok


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(pack: Path, name: str) -> None:
    (pack / name).unlink()
    assert f"{name} is missing" in found(pack).problem


@pytest.mark.parametrize("name", ["more.txt", ".hidden", "entries.jsonl.bak", "line\nbreak"])
def test_a_file_too_many_is_seen(pack: Path, name: str) -> None:
    (pack / name).touch()
    assert f"{name!r} is not in the manifest" in found(pack).problem


def test_a_folder_a_link_and_a_pipe_are_no_files_of_a_pack(pack: Path) -> None:
    (pack / "more").mkdir()
    assert "'more' is not in the manifest" in found(pack).problem
    (pack / "more").rmdir()
    kept = (pack / LEAVES).rename(pack.parent / "elsewhere")
    (pack / LEAVES).symlink_to(kept)
    assert f"{LEAVES} cannot be read" in found(pack).problem
    (pack / LEAVES).unlink()
    os.mkfifo(pack / LEAVES)
    assert f"{LEAVES} is no plain file" in found(pack).problem


def test_a_pack_made_anew_with_another_key_is_whole_but_not_by_the_key_given(firm: Installed, pack: Path) -> None:
    whole = found(pack)
    signed_over(pack, OTHER, whole.size, bytes.fromhex(whole.root))
    resealed(pack, OTHER)
    assert (found(pack).ok, found(pack).key_from) == (True, "pack")
    real = checkpoint.public_key(seed(firm), origin(seed(firm)))
    assert "is by another key" in found(pack, key=real).problem
    assert "not signed by" in found(pack, (firm.folder / "older.txt").read_text()).problem


def test_a_seal_taken_from_a_checkpoint_or_from_another_pack_does_not_hold(firm: Installed, pack: Path) -> None:
    (pack / SEAL).write_bytes((pack / CHECKPOINT).read_bytes())
    assert "no seal of a pack" in found(pack).problem
    log_pack.export(firm.settings(), pack.parent / "second", None, None)
    (pack / SEAL).write_bytes((pack.parent / "second" / SEAL).read_bytes())
    assert "seals another manifest" in found(pack).problem


def test_a_seal_cannot_pass_for_a_checkpoint(firm: Installed, pack: Path) -> None:
    key = checkpoint.public_key(seed(firm), origin(seed(firm)))
    with pytest.raises(checkpoint.BadCheckpoint):
        checkpoint.read((pack / SEAL).read_text(), key)


# --- by the firm, which has the key and makes manifest and seal anew


def _swapped(old: list[bytes]) -> list[bytes]:
    fourth, fifth = (line.split(b'"entry":')[1] for line in old[3:5])
    return [*old[:3], b'{"position":4,"entry":' + fifth, b'{"position":5,"entry":' + fourth, *old[5:]]


SLEIGHTS: dict[str, tuple[Callable[[list[bytes]], Sequence[bytes]], int]] = {
    "an entry edited": (lambda old: [*old[:3], old[3].replace(b"PE-", b"PE_").replace(b"what", b"whet"), *old[4:]], 4),
    "an entry taken out": (lambda old: [*old[:3], *old[4:]], 4),
    "an entry doubled": (lambda old: [*old[:4], *old[3:]], 5),
    "two lines exchanged": (lambda old: [*old[:3], old[4], old[3], *old[5:]], 4),
    "two entries exchanged": (_swapped, 4),
    "another position": (lambda old: [*old[:3], old[3].replace(b":4,", b":9,"), *old[4:]], 4),
    "a position spelt otherwise": (lambda old: [*old[:3], old[3].replace(b":4,", b":04,"), *old[4:]], 4),
    "the end cut off": (lambda old: old[:7], 8),
    "half a line": (lambda old: [*old[:7], old[7][:-9]], 8),
    "no line end": (lambda old: [*old[:3], old[3][:-1], *old[4:]], 4),
    "a blank line": (lambda old: [*old[:3], b"\n", *old[3:]], 4),
    "windows line ends": (lambda old: [line.replace(b"\n", b"\r\n") for line in old], 1),
}


@pytest.mark.parametrize("sleight", SLEIGHTS)
def test_entries_that_are_not_their_leaves_are_caught_at_their_position(
    firm: Installed, pack: Path, sleight: str
) -> None:
    change, position = SLEIGHTS[sleight]
    (pack / ENTRIES).write_bytes(b"".join(change(lines(pack))))
    resealed(pack, seed(firm))
    said = found(pack)
    assert (said.ok, said.first_bad) == (False, position), said.problem


def test_an_entry_more_than_the_manifest_says_is_caught(firm: Installed, pack: Path) -> None:
    (pack / ENTRIES).write_bytes(b"".join([*lines(pack), b'{"position":99,"entry":{}}\n']))
    resealed(pack, seed(firm))
    assert "holds more than the manifest says" in found(pack).problem


def _rewritten(pack: Path, position: int) -> list[bytes]:
    """An entry of long ago made kinder, and every leaf to match."""
    old = lines(pack)
    old[position - 1] = b'{"position":%d,"entry":{"what":"something kinder"}}\n' % position
    (pack / ENTRIES).write_bytes(b"".join(old))
    leaves = [tree.leaf_hash(line.split(b'"entry":', 1)[1][:-2]) for line in old]
    (pack / LEAVES).write_text("".join(f"{leaf.hex()}\n" for leaf in leaves))
    return leaves


def test_leaves_that_are_not_those_of_the_signed_checkpoint_are_caught(firm: Installed, pack: Path) -> None:
    _rewritten(pack, 3)
    resealed(pack, seed(firm))
    said = found(pack)
    assert (said.ok, said.first_bad) == (False, 1)
    assert "are not those that a signed checkpoint saw" in said.problem


def test_a_history_rewritten_and_signed_anew_is_caught_by_a_checkpoint_that_was_kept(
    firm: Installed, pack: Path
) -> None:
    kept = (firm.folder / "older.txt").read_text()
    assert (found(pack, kept).ok, found(pack, kept).compared) == (True, 1)
    leaves = _rewritten(pack, 3)
    root = tree.root_of(leaves)
    signed_over(pack, seed(firm), len(leaves), root)
    resealed(pack, seed(firm), root=root.hex())
    assert found(pack).ok  # nobody without an older checkpoint could tell
    said = found(pack, kept)
    assert (said.ok, said.first_bad) == (False, 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c[: 65 * 5], "has 5 leaves"),
        (lambda c: c + c[:65], "leaves, the signed checkpoint"),
        (lambda c: c.upper(), "no leaf hash"),
        (lambda c: c[:-1], "no leaf hash"),
        (lambda c: c[:64] + b" " + c[65:], "no leaf hash"),
    ],
)
def test_leaves_that_are_too_few_too_many_or_none_are_caught(
    firm: Installed, pack: Path, change: Callable[[bytes], bytes], said: str
) -> None:
    (pack / LEAVES).write_bytes(change((pack / LEAVES).read_bytes()))
    resealed(pack, seed(firm))
    assert said in found(pack).problem


@pytest.mark.parametrize(
    "about",
    [
        {"size": 3},
        {"size": True},
        {"size": -1},
        {"root": "00" * 32},
        {"root": None},
        {"first": 0},
        {"first": 5, "last": 4},
        {"last": 999},
        {"first": None},
        {"last": 4},  # then there are more lines than that
        {"first": 2},  # then the first line is not that entry
        {"first": None, "last": None},
    ],
)
def test_a_manifest_that_says_otherwise_than_its_files_is_caught(
    firm: Installed, pack: Path, about: dict[str, object]
) -> None:
    resealed(pack, seed(firm), **about)
    assert not found(pack).ok


def test_two_checkpoints_of_one_size_are_never_both_believed(firm: Installed, pack: Path) -> None:
    whole = found(pack)
    other = checkpoint.sign(seed(firm), origin(seed(firm)), whole.size, bytes(32))
    assert "and yours differ" in found(pack, other).problem
    mine = checkpoint.sign(seed(firm), origin(seed(firm)), 4, bytes(32))
    again = checkpoint.sign(seed(firm), origin(seed(firm)), 4, bytes(31) + b"\x01")
    assert "Two checkpoints of size 4" in found(pack, mine + again).problem


def test_a_checkpoint_of_a_longer_log_is_counted_and_not_compared(firm: Installed, pack: Path) -> None:
    later = checkpoint.sign(seed(firm), origin(seed(firm)), 1000, bytes(32))
    kept = (firm.folder / "older.txt").read_text() + later
    assert (found(pack, kept).ok, found(pack, kept).compared, found(pack, kept).later) == (True, 1, 1)


def test_a_kind_that_nobody_knows_is_not_called_whole(firm: Installed, pack: Path) -> None:
    of_kind(pack, seed(firm), "holiday-snaps")
    said = found(pack)
    assert (said.ok, said.kind) == (False, "holiday-snaps")
    assert "knows no pack of the kind" in said.problem


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "", "a/b", MANIFEST, "-x", "x" * 101])
def test_a_listed_name_never_leads_out_of_the_folder(firm: Installed, pack: Path, name: str) -> None:
    listing(pack, seed(firm), {name: Listed(sha256="0" * 64, size=0)})
    assert "is no name of a file in a pack" in found(pack).problem


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"format": "sopwith-pack/2"}', b'{"format": "sopwith-pack/1"}'],
)
def test_a_sealed_manifest_that_is_none_is_caught(firm: Installed, pack: Path, content: bytes) -> None:
    from storage.pack_seal import seal

    (pack / MANIFEST).write_bytes(content)
    (pack / SEAL).write_text(seal(seed(firm), origin(seed(firm)), content))
    assert "The manifest cannot be read" in found(pack).problem
