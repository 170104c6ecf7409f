"""Thousands of wrong activities against the real firm over real HTTP: signed as the Bot Framework signs them, for
exactly the address they name, or not quite.

Invariants: a case is made from the seed and its number alone, but for ids and tokens; what Teams' side keeps of them is
thrown away as it goes.
"""

import copy
import json
import random
import time
from dataclasses import dataclass
from typing import Any

from bot.sandbox.teams.world import World
from tests.support.barrage import Barrage
from tests.support.dressing import DAMAGE, JSON, ODD, TYPES, Dressed
from tests.support.mutations import Mutator, places
from tests.support.walk import Walked

TYPED = ("text.", "find.")
WORDS = frozenset({"text", "content"})
MEANT = frozenset({"conversationType", "aadObjectId", "subject", "verb", "form_id", "serviceUrl", "replyToId"})


class Meddler(Mutator):
    """With the parts of an activity."""

    def marked(self, tree: Any) -> Any:
        found = copy.deepcopy(tree)
        for holder, key in list(places(found)):
            typed = isinstance(key, str) and (key in WORDS or key.startswith(TYPED))
            if typed and isinstance(holder[key], str):
                holder[key] = f"{holder[key]} {self.word}"
        return found

    def with_anothers(self, tree: Any, other: Any) -> Any:
        """A copy in which something stands as it does in another activity: who, where, about what."""
        found, theirs = copy.deepcopy(tree), [(h[k], k) for h, k in places(other) if k in MEANT]
        for holder, key in list(places(found)):
            fitting = [value for value, name in theirs if name == key]
            if fitting and self.chance.random() < 0.5:
                holder[key] = copy.deepcopy(self.chance.choice(fitting))
        return found


@dataclass(kw_only=True)
class TeamsBarrage(Barrage):
    usual: str = ""
    refusals = frozenset({401, 403})

    @property
    def teams(self) -> World:
        assert self.firm.teams
        return self.firm.teams

    @property
    def url(self) -> str:
        return self.teams.hands.delivery.url

    def case(self, number: int) -> tuple[str, Dressed]:
        chance = random.Random(f"{self.seed}:{number}")
        meddler, base = Meddler(chance, self.judge.word), chance.choice(self.walked)
        activity = self._freshened(meddler.marked(base.payload), chance)
        draw = chance.random()
        if draw < 0.1:
            return "forged", self._forged(activity, chance)
        if draw < 0.13 and self.sent:
            return "replayed", chance.choice(self.sent)
        name, changed = self._changed(draw, meddler, base, activity)
        if name in {"dressed", "both"}:
            return name, self._badly(changed, chance)
        return name, self._kept(self._well(changed), chance)

    def _changed(self, draw: float, meddler: Meddler, base: Walked, activity: dict[str, Any]) -> tuple[str, Any]:
        """What kind of case it is, and the activity as it is then."""
        if draw < 0.4:
            name = "untouched" if draw < 0.18 else "dressed" if draw < 0.3 else "another's"
            other = meddler.chance.choice(self.walked).payload
            return name, meddler.with_anothers(activity, other) if name == "another's" else activity
        return "both" if draw < 0.45 else base.what, meddler.mutated(activity)

    def _freshened(self, activity: dict[str, Any], chance: random.Random) -> dict[str, Any]:
        """With an id, and often a form, that nobody has used."""
        activity["id"] = f"f:{self.teams.tenant.new_id()}"
        if chance.random() < 0.7:
            for holder, key in list(places(activity)):
                if key == "form_id":
                    holder[key] = f"{chance.random()}{holder[key]}"
        return activity

    def _well(self, activity: Any) -> Dressed:
        named = activity.get("serviceUrl") if isinstance(activity, dict) else None
        there = named if isinstance(named, str) and named.isprintable() else self.teams.tenant.service_url
        return Dressed(body=json.dumps(activity).encode(), headers=_headers(self._token(there)))

    def _token(self, there: str) -> str:
        """Signing takes longer than all else: the usual one is kept."""
        if there != self.teams.tenant.service_url:
            return self.teams.issuer.token(there)
        self.usual = self.usual or self.teams.issuer.token(there)
        return self.usual

    def _badly(self, activity: Any, chance: random.Random) -> Dressed:
        """Torn, doubled, mislabelled, in an odd envelope."""
        found = self._well(activity)
        headers = found.headers | (chance.choice(ODD) if chance.random() < 0.3 else {})
        headers |= {"Content-Type": chance.choice(TYPES)} if chance.random() < 0.5 else {}
        return Dressed(body=chance.choice(DAMAGE)(chance, found.body), headers=headers)

    def _forged(self, activity: Any, chance: random.Random) -> Dressed:
        """Signed by nobody, for another app, another address, too long ago; or of another tenant's."""
        issuer, there, now = self.teams.issuer, self.teams.tenant.service_url, int(time.time())
        good = self._token(there)
        if chance.random() < 0.1:
            activity = {**activity, "channelData": {"tenant": {"id": "another"}}}
            return Dressed(body=json.dumps(activity).encode(), headers=_headers(good), signed=False)
        token = chance.choice(
            (
                "",
                self.judge.word,
                "a.b.c",
                "\u00e9.\u00e9.\u00e9",
                good[:-9],
                good + "a" * 7000,
                good.replace(".", ".."),
                f"{good} {good}",
                lambda: issuer.token(there, exp=now - 600),
                lambda: issuer.token(there, nbf=now + 900),
                lambda: issuer.token(there, aud="another"),
                lambda: issuer.token(there, iss="https://login.example/"),
                lambda: issuer.token("https://another.example/"),
                lambda: issuer.token(there, serviceurl=[there]),
            )
        )
        headers = _headers(token if isinstance(token, str) else token())
        return Dressed(body=json.dumps(activity).encode(), headers=headers, signed=False)

    def _clear_up(self) -> None:
        self.judge.read(self.ear.heard)
        tenant = self.teams.tenant
        for kept in (tenant.calls, tenant.posts, tenant.faults_seen):
            kept.clear()
        tenant.dialogs.clear()


def _headers(token: str) -> dict[str, str]:
    return {"Content-Type": JSON, "Authorization": f"Bearer {token}"}
