"""`evidence`: a breach as a pack that an outsider checks, with a page that checks itself in any browser.

Invariants: the export is on record before anything is written, and that entry is in the pack; every entry of the log
about the case is proved against a signed checkpoint; a log that is not whole is not signed; the page asks no network.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.checkpoints import origin
from bot.config import Settings
from bot.desk import asked, hand_over
from bot.opening import utc_now
from bot.packs import case_files
from bot.packs.case_files import Proved
from bot.packs.log_lines import leaf_lines
from bot.packs.log_pack import until_all_have_a_position, walked
from bot.packs.making import new_pack
from bot.packs.manifest import PUBLIC_KEY
from bot.terminal import No
from storage import checkpoint, tree
from storage.pack_seal import seal
from storage.verify import Stored

TEMPLATE = Path(__file__).with_name("evidence.html")
HERE = "/*FILES*/null"


class _Leaves:
    """Every leaf of the log, and the entries about one case."""

    def __init__(self, reference: str) -> None:
        self._needle = f'"{reference}'.encode()  # also where more follows it, as in "BR-…|times"
        self.leaves: list[bytes] = []
        self.found: list[tuple[int, str]] = []

    def take(self, rows: Sequence[Stored]) -> None:
        for position, body, _link in rows:
            self.leaves.append(tree.leaf_hash(body))
            if self._needle in body:
                self.found.append((position, body.decode()))


def export(settings: Settings, folder: Path, reference: str, person: str, *, full: bool) -> int:
    """Make the pack in `folder`; gives how many entries of the log are in it. `NotEmpty` when the folder holds
    something; `No` when the person may not or the log is not whole; OSError when it cannot be written."""
    with new_pack(folder) as pack:
        values = {"ref": reference, "as": person, "full": "yes" if full else ""}
        case: Any = hand_over(settings, asked("breach.evidence", values)).data
        until_all_have_a_position(settings)
        log = _Leaves(reference)
        verdict = walked(settings, log.take)
        if not verdict.ok:
            raise No(
                f"The audit log is not whole, so nothing was signed: {verdict.problem} See `sopwith audit verify`."
            )
        proofs = [
            Proved(position=at, entry=entry, path=tree.inclusion_proof(log.leaves, at - 1)) for at, entry in log.found
        ]
        seed, name = settings.secrets.audit_key, origin(settings.secrets.audit_key)
        files = {
            case_files.CASE: case_files.as_json(case),
            case_files.PROOFS: case_files.proofs_text(proofs),
            case_files.CHECKPOINT: checkpoint.sign(seed, name, verdict.size, bytes.fromhex(verdict.root)),
        }
        files[case_files.CONTENTS] = case_files.contents(files)
        files[case_files.CONTENTS_SEAL] = seal(seed, name, files[case_files.CONTENTS].encode())
        for file, text in files.items():
            pack.add(file, text)
        key = f"{checkpoint.public_key(seed, name)}\n"
        with pack.file(case_files.LEAVES) as leaves:
            leaves.write(leaf_lines(log.leaves))
        pack.add(case_files.PAGE, page(files | {PUBLIC_KEY: key}))
        pack.add(case_files.README, _README.format(reference=reference, log=name, edition=case["edition"]))
        about = {"reference": reference, "edition": case["edition"], "size": verdict.size, "root": verdict.root}
        pack.close(case_files.KIND, about, seed=seed, made_at=utc_now())
    return len(proofs)


def page(files: dict[str, str]) -> str:
    """The page with these files in it; nothing in them can end the script they stand in."""
    inside = json.dumps(files, ensure_ascii=True).replace("<", "\\u003c").replace("&", "\\u0026")
    before, after = TEMPLATE.read_text(encoding="utf-8").split(HERE)
    return f"{before}{inside}{after}"


_README = """\
EVIDENCE OF THE CASE {reference}, {edition} edition
From the audit log {log}.

Open evidence.html by a double click: it checks its own hashes and signatures in your browser,
without a network, and shows the case only if they hold. In full, also that no file here was
changed, added or left out:
  sopwith verify DIR --public-key FILE
FILE: the public key that the firm gave you another way. The key in this folder shows only that
nothing was changed since the pack was made, not who made it.

  case.json       What is on record: register entry, facts, clocks with reasons, notices, steps.
  proofs.json     Each entry of the audit log about the case, exactly as it was stored, with the
                  audit path of its leaf (RFC 6962) to the root in checkpoint.txt.
  leaves.txt      The hash of every entry of the whole log: with checkpoints that you were given
                  earlier (--checkpoints FILE) it shows that nothing before was changed.
  contents.json   SHA-256 of these three, sealed in contents.sig (a C2SP signed note, Ed25519).

The redacted edition holds ids, times and our own words: nothing that somebody typed, and no names
but the login of whoever made a pack like this on the firm's machine.
Times are those of the machine's clock; the order is that of the positions.
"""
