"""README.txt of an exported audit log: what it is, how it is checked, what it does not show, in plain words."""

from collections.abc import Mapping

from bot.packs.log_lines import About


def readme(found: About, period: Mapping[str, str | None], log: str) -> str:
    """The page, with lines of at most 100 characters. `period`: since, until (days, or None) and zone."""
    held = f"entries {found.first} to {found.last}" if found.first else "no entry (none is of this period)"
    since, until = period["since"] or "the beginning", period["until"] or "the day it was made"
    return _TEXT.format(
        log=log, held=held, size=found.size, root=found.root, since=since, until=until, zone=period["zone"]
    )


_TEXT = """\
THE AUDIT LOG {log}
Period: {since} to {until}, days in the zone {zone}. In this pack: {held}.
The whole log had {size} entries when it was made. Its root: {root}

WHAT IS HERE
  entries.jsonl   One line for each entry: its position in the log, and the entry exactly as it was
                  stored: when, what, who, and ids. All entries from the first to the last one of
                  the period, without a gap.
  leaves.txt      The hash of every entry of the whole log, a line for each position from 1.
  checkpoint.txt  The log's size and root hash, signed by the firm.
  public-key.txt  The key that its signatures are checked with.
  manifest.json   SHA-256 and size of each file. manifest.sig is the firm's signature on it.

HOW TO CHECK IT
With Sopwith, on any machine, without a database and without a secret:
  sopwith verify DIR --public-key FILE [--checkpoints FILE]
FILE for the key: the public key that the firm gave you another way (one line, like
public-key.txt). The key in this folder shows only that nothing was changed since the pack was
made, not who made it. FILE for the checkpoints: those that you were given earlier; they show that
this is the log of which you were told then, with nothing of it changed since.

With other tools:
1. The SHA-256 of every file is in manifest.json, that of manifest.json in manifest.sig.
2. Of a line of entries.jsonl take what stands between {{"position":N,"entry": and the last }}, byte
   for byte. SHA-256 over a zero byte and these bytes is line N of leaves.txt (RFC 6962, 2.1).
3. The root of the tree over all lines of leaves.txt is the one in checkpoint.txt.
4. checkpoint.txt and manifest.sig are C2SP signed notes (Ed25519), the former a tlog-checkpoint.

WHAT IT DOES NOT SHOW
- What was said or written: the log holds ids, words of Sopwith's own and hashes. Who an id is, the
  firm can say.
- Entries outside the period: of them there are only hashes. That no entry of the period lies
  before the first or behind the last one here, only the whole log can show (an export without
  --since and --until).
- Anything that was done outside Sopwith, or never entered.
- The right time: times are those of the machine's clock. The order is that of the positions.
- Changes made before the first checkpoint that somebody outside the firm has kept.
"""
