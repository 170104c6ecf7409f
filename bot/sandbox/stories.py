"""The stories of the sandbox, in the order in which the page offers them.

Each uses only the words on the screen, and can be played again.
"""

from collections.abc import Mapping

from bot.sandbox import barrier, complaint, friday_breach, late_reply
from bot.sandbox.stage import Story

STORIES: Mapping[str, Story] = {
    "late-reply": late_reply.STORY,
    "friday-breach": friday_breach.STORY,
    "barrier": barrier.STORY,
    "complaint": complaint.STORY,
}
