"""A pack in the hands of somebody who changes it: with the firm's key, or without."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.checkpoints import origin
from bot.packs import manifest
from bot.packs.log_lines import CHECKPOINT
from bot.packs.manifest import MANIFEST, PUBLIC_KEY, SEAL, Listed
from storage import checkpoint
from storage.pack_seal import seal


def copied(folder: Path, to: Path) -> Path:
    """A copy to change; the one before is gone."""
    shutil.rmtree(to, ignore_errors=True)
    return Path(shutil.copytree(folder, to))


def resealed(folder: Path, seed: bytes, **about: Any) -> None:
    """The manifest made anew over the files as they are now, by whoever has this key."""
    found = manifest.read((folder / MANIFEST).read_bytes())
    files = {path.name: _listed(path) for path in folder.iterdir() if path.name not in {MANIFEST, SEAL}}
    _seal(folder, replace(found, files=files, about={**found.about, **about}), seed)


def of_kind(folder: Path, seed: bytes, kind: str) -> None:
    """The same pack under another kind."""
    _seal(folder, replace(manifest.read((folder / MANIFEST).read_bytes()), kind=kind), seed)


def listing(folder: Path, seed: bytes, files: Mapping[str, Listed]) -> None:
    """The same pack with another list of files."""
    _seal(folder, replace(manifest.read((folder / MANIFEST).read_bytes()), files=files), seed)


def signed_over(folder: Path, seed: bytes, size: int, root: bytes) -> None:
    """Another checkpoint and, where the key is another, that key."""
    (folder / CHECKPOINT).write_text(checkpoint.sign(seed, origin(seed), size, root))
    (folder / PUBLIC_KEY).write_text(f"{checkpoint.public_key(seed, origin(seed))}\n")


def _listed(path: Path) -> Listed:
    content = path.read_bytes()
    return Listed(sha256=sha256(content).hexdigest(), size=len(content))


def _seal(folder: Path, found: manifest.Manifest, seed: bytes) -> None:
    content = manifest.written(found)
    (folder / MANIFEST).write_bytes(content)
    (folder / SEAL).write_text(seal(seed, origin(seed), content))
