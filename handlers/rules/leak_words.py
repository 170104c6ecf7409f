"""Whether a complaint's words sound like a breach of confidentiality too (SOP 8.1): then one question is asked.

Invariants: a suggestion only; a named person answers; no word of the text comes back.
"""

import re

from handlers.rules.plain_text import readings

_WORDS = re.compile(
    r"\b(?:leak\w*|privacy|private data|gdpr|hipaa|data protection|confidential\w*|breach\w*"
    r"|wrong (?:person|people|address|recipient|email|client|number|inbox|envelope|file)"
    r"|(?:someone|somebody) elses|not meant for|hacked|stolen|lost (?:my|our|the) (?:file|papers|laptop|documents))\b"
)


def speaks_of_a_breach(text: str) -> bool:
    """Words such as "leaked", "wrong person", "GDPR", however they are written."""
    return any(_WORDS.search(_spaced(reading)) for reading in readings(text))


def _spaced(text: str) -> str:
    """Lower case, signs as spaces, no apostrophes."""
    return re.sub(r"[\W_]+", " ", re.sub(r"['’‘`]", "", text.lower()))
