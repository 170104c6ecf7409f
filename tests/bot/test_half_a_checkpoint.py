"""A checkpoint that a lost power cut short is taken away before the next is written, and nothing else ever is."""

from pathlib import Path

import pytest

from bot import checkpoints
from bot.checkpoints import mend, origin
from storage import checkpoint
from storage.checkpoint import parse_many

SEED, OLDER = b"\x01" * 32, b"\x02" * 32
ROOT = b"\x03" * 32


def note(size: int, seed: bytes = SEED) -> bytes:
    return checkpoint.sign(seed, origin(seed), size, ROOT).encode()


WHOLE = note(7) + note(9)
WITNESSED = note(7) + "— witness.example AAAAAAAAAAAAAAAA\n".encode()
TORN = note(1234)


@pytest.mark.parametrize("kept", [b"", WHOLE, WITNESSED, note(3, OLDER), b"\n" + WHOLE + b"\n"])
@pytest.mark.parametrize(
    "piece", [TORN[:-1], TORN[:60], TORN[:20], bytes(len(TORN)), TORN[:50] + bytes(len(TORN) - 50), b"\xff" * 250]
)
def test_what_was_never_wholly_written_is_cut_off(tmp_path: Path, kept: bytes, piece: bytes) -> None:
    path = tmp_path / "checkpoints.txt"
    path.write_bytes(kept + piece)
    mend(path)
    assert path.read_bytes() == kept
    checkpoints.append(path, TORN.decode())
    key = checkpoint.public_key(SEED, origin(SEED))
    assert kept.startswith(note(3, OLDER)) or [c.size for _line, c in parse_many(path.read_text(), key)][-1] == 1234


@pytest.mark.parametrize(
    "content",
    [
        b"",
        WHOLE,
        WITNESSED,
        note(7) + bytes(100) + note(9),
        note(7) + note(8)[:-3] + note(9),
        WHOLE + b"x" * 5000,
        WHOLE.replace(b"7\n", b"8\n"),
    ],
)
def test_whatever_no_lost_power_explains_stays_for_the_audit_to_see(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "checkpoints.txt"
    path.write_bytes(content)
    mend(path)
    assert path.read_bytes() == content


def test_where_there_is_no_file_there_is_nothing_to_mend(tmp_path: Path) -> None:
    mend(tmp_path / "checkpoints.txt")
    assert list(tmp_path.iterdir()) == []
