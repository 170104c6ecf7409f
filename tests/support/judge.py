"""Whether an answer is one that may leave the house, whatever came in; and whether the log stayed silent about it.

Invariants: what is wrong is kept with the number of its case, so that the case can be made again.
"""

import io
import json
from collections import Counter
from dataclasses import dataclass, field

SHORT = 300  # bytes of a refusal
LONGEST = 300_000  # of any answer: Slack takes no larger view
MARKS = (b"Traceback", b'File "', b".py", b"Exception", b"Error(", b"aiohttp", b"Python/", b"site-packages")


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One answer; status 0 when there was none, with what happened instead in `body`."""

    status: int
    body: bytes
    server: str = "sopwith"


@dataclass(kw_only=True)
class Judge:
    """`word` is in everything that was typed. `echoed` counts answers of 200 that gave it back to who sent it."""

    word: str
    wrong: list[str] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    echoed: int = 0
    polite: frozenset[int] = frozenset()  # statuses above 500 that the caller wants said
    lines: int = 0

    def look_at(self, case: str, answer: Answered, *, expected: frozenset[int] = frozenset()) -> None:
        """`expected`: no other status will do."""
        self.statuses[f"{case.split(' ', maxsplit=1)[0]} {answer.status}"] += 1
        for reason in self._reasons(answer, expected):
            self.wrong.append(f"{case}: {reason}: {answer.status} {answer.body[:200]!r}")

    def said(self, seed: int) -> str:
        """What is wrong, and how to see it again."""
        return "\n".join([f"SOPWITH_FUZZ_SEED={seed}", *self.wrong[:30], *map(str, self.faults.most_common(30))])

    def _reasons(self, answer: Answered, expected: frozenset[int]) -> list[str]:
        refused = answer.status >= 300
        found = [mark.decode() for mark in MARKS if mark in answer.body]
        if not (200 <= answer.status < 500 or answer.status in self.polite) or 300 <= answer.status < 400:
            found.append("status")
        if expected and answer.status not in expected:
            found.append(f"not {sorted(expected)}")
        if answer.server != "sopwith":
            found.append(f"server {answer.server}")
        if len(answer.body) > (SHORT if refused else LONGEST):
            found.append("too long")
        if refused and not answer.body.strip():
            found.append("says nothing")
        if self.word.encode() in answer.body:
            if refused:
                found.append("content")
            else:
                self.echoed += 1
        return found

    def read(self, log: io.StringIO) -> None:
        """What was logged since it was read last; it is then forgotten."""
        text = log.getvalue()
        log.seek(0)
        log.truncate()
        for mark in (self.word, "Traceback", 'File "'):
            at = text.find(mark)
            if at >= 0:
                self.wrong.append(f"the log holds {mark!r}: {text[max(0, at - 300) : at + 100]!r}")
        for line in text.splitlines():
            self.lines += 1
            if '"event": "fault"' in line:
                said = json.loads(line)
                where = (said.get("where") or ["-"])[-1]
                self.faults[f"{said.get('action')} {said.get('name')} {said.get('error')} {where}"] += 1
