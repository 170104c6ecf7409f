"""What kind of mishap a breach report tells of, and the three first moves that contain it (SOP: contain first).

Invariants: always exactly three moves; suggestions only, from the words used, and a named person decides; no word of
the report comes back in them; nobody is blamed. "Not sure" (None) counts as the worse answer.
"""

import re
from collections.abc import Mapping
from enum import Enum

from handlers.rules.plain_text import readings


class Mishap(Enum):
    """The kinds that need different first moves, the more pressing first: it wins when the words point to two."""

    ACCOUNT = "account"
    LOST = "lost"
    MISDIRECTED = "misdirected"
    ACCESS = "access"
    SPOKEN = "spoken"
    OTHER = "other"


# Lower case, signs as spaces, no apostrophes. "*" is any ending, "…" up to eight words between, the rest as in `re`.
_NAMES: Mapping[Mishap, str] = {  # a phrase that names the kind by itself: 3 points
    Mishap.ACCOUNT: "phish* | malware | ransom* | virus | trojan | hack* | password* | credential* | compromised"
    " | login | log in | logged in | signed in | (?:clicked|opened|followed) … (?:link|attachment) | verification code",
    Mishap.LOST: "lost | stolen | stole | theft | robbed | burgl* | break in | broken into | mislaid | misplaced"
    " | missing | cannot find | cant find | left … (?:behind|train|tube|bus|tram|taxi|cab|plane|airport|station|cafe"
    "|pub|bar|restaurant|hotel|car|court|bench)",
    Mishap.MISDIRECTED: "wrong (?:recipient|person|people|email|number|fax|attachment|file|envelope|letter|one)*"
    " | wrong … (?:address|client|inbox)* | misdirected | misaddressed | autocomplete* | autofill* | bcc"
    " | (?:reply|replied) all | (?:reply|replied) to all | (?:someone|somebody) elses"
    " | (?:sent|emailed|posted|faxed|forwarded) … (?:mistake|accident|instead)",
    Mishap.ACCESS: "permission* | (?:had|has|have|got|gave|given|still|without|wrong) … access | unauthori* access"
    " | shared (?:folder|drive|link|file) | (?:public|sharing) link | anyone with the link | (?:visible|open) to"
    " | (?:can|could) (?:see|read|open|still) | able to (?:see|read|open) | wrong (?:folder|group|channel|team)",
    Mishap.SPOKEN: "overhe* | eavesdrop* | conversation | out loud | loudly | talked | talking | spoke | speaking"
    " | gossip* | mentioned | discuss* | told … (?:about|friend|family)",
}
_HINTS: Mapping[Mishap, str] = {  # one that only points to it: 1 point
    Mishap.ACCOUNT: "account* | suspicious | strange | fake | clicked | locked out | impersonat* | caller",
    Mishap.LOST: "laptop | phone | mobile | tablet | computer | usb | memory stick | hard drive | briefcase | bag"
    " | papers | notebook | luggage",
    Mishap.MISDIRECTED: "sent | email* | posted | fax* | forwarded | attached | envelope | letter | recipient*"
    " | mistake",
    Mishap.ACCESS: "access* | folder | drive | sharepoint | onedrive | dropbox | everyone | everybody | intern"
    " | leaver",
    Mishap.SPOKEN: "said | told | chat* | heard | listening | call | lift | friend | party | voice",
}
_ENOUGH = 2  # a single hint is too little

_GOING_ON: Mapping[Mishap, str] = {
    Mishap.ACCOUNT: "Ask IT now to lock the account, sign it out everywhere and change its password. Take the device "
    "off the network, but leave it switched on.",
    Mishap.LOST: "Ask IT to lock and wipe the device from afar and sign it out everywhere. For papers, go back or ring "
    "the place where you last had them.",
    Mishap.MISDIRECTED: "Recall the message if your mail system can, and stop anything that still waits to be sent or "
    "posted.",
    Mishap.ACCESS: "Take away the wrong permission or sharing link now, or ask the owner of the folder to do it.",
    Mishap.SPOKEN: "Stop there and carry the conversation on in a private place.",
    Mishap.OTHER: "Stop what is still going on, or ask somebody who can. If you are not sure how, ring the DPO.",
}
_OVER: Mapping[Mishap, str] = {
    Mishap.ACCOUNT: "Ask IT to check that nobody else is still signed in and that no mail is being forwarded.",
    Mishap.LOST: "Check what came back: is everything there, and could anybody have looked at it?",
    Mishap.MISDIRECTED: "Check that nothing else went out: look at all recipients and all attachments.",
    Mishap.ACCESS: "Check that the permission or link is really gone, from copies and sub-folders too.",
    Mishap.SPOKEN: "Do not go over the details again with anybody who does not need them.",
    Mishap.OTHER: "Check with the DPO or IT that it is really over.",
}
_LIMIT: Mapping[Mishap, str] = {
    Mishap.ACCOUNT: "Let your colleagues know not to open messages from this account until IT says it is safe.",
    Mishap.LOST: "Report it to the police or the lost property office, and note the reference they give you.",
    Mishap.MISDIRECTED: "Ask whoever received it not to read it or pass it on, to delete or return it, and to confirm "
    "that in writing.",
    Mishap.ACCESS: "Ask those who could see it not to use it or pass it on, and to delete any copies.",
    Mishap.SPOKEN: "If you know who heard it, ask them to keep it to themselves.",
    Mishap.OTHER: "Get back what can be got back, and ask anybody who has it not to use it or pass it on.",
}
_KEEP: Mapping[Mishap, str] = {
    Mishap.ACCOUNT: "Keep the message, the link and what is on the screen as they are: they show IT what happened.",
    Mishap.LOST: "Write down what was on it or in it, and whether it was locked or encrypted.",
    Mishap.MISDIRECTED: "Keep your own copy just as it was sent.",
    Mishap.ACCESS: "Ask IT to save the access log, which shows who opened what and when.",
    Mishap.SPOKEN: "Write down what was said, where, when and who may have heard it, while it is fresh.",
    Mishap.OTHER: "Keep whatever shows what happened as it is: messages, papers, times.",
}
_WHOSE: Mapping[bool | None, str] = {
    True: "Note for the DPO whose details are in it and roughly how many people.",
    None: "Note for the DPO whether people's details may be in it, and roughly how many people.",
    False: "Note for the DPO which clients or matters it is about.",
}


def kind_of(text: str) -> Mishap:
    """The kind that most of the words point to, each phrase counted once; OTHER when too few point anywhere."""
    words = _words(text)
    points = {
        kind: 3 * sum(phrase.search(words) is not None for phrase in _NAMED[kind])
        + sum(phrase.search(words) is not None for phrase in _HINTED[kind])
        for kind in _NAMES
    }
    best = max(points, key=lambda kind: points[kind])
    return best if points[best] >= _ENOUGH else Mishap.OTHER


def containment(text: str, personal_data: bool | None, ongoing: bool | None) -> tuple[str, str, str]:
    """Stop it, limit it, keep what shows it: the moves for this kind of mishap, in the order to do them."""
    kind = kind_of(text)
    stop = _OVER[kind] if ongoing is False else _GOING_ON[kind]
    return stop, _LIMIT[kind], f"{_KEEP[kind]} {_WHOSE[personal_data]}"


def _words(text: str) -> str:
    plain = re.sub(r"['’‘`]", "", readings(text)[0].lower())
    return re.sub(r"\be mail", "email", re.sub(r"[^a-z0-9]+", " ", plain))


def _phrases(listed: str) -> tuple[re.Pattern[str], ...]:
    """Bounded repeats only, so that no report is slow to read."""
    return tuple(
        re.compile(rf"\b{phrase.replace('*', '[a-z]{0,12}').replace('… ', '(?:[a-z0-9]{1,30} ){0,8}')}\b")
        for phrase in listed.split(" | ")
    )


_NAMED = {kind: _phrases(listed) for kind, listed in _NAMES.items()}
_HINTED = {kind: _phrases(listed) for kind, listed in _HINTS.items()}
