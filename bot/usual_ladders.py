"""The ladders of a firm that has written none into its policy file: late replies, breaches, complaints."""

from collections.abc import Mapping

from handlers.rules.next_rung import Ladder, Rung
from handlers.rules.spans import span

_A_DAY, _HOURS, _QUARTER = span("1 business day"), span("4 business hours"), span("15m")
_LINE = Ladder(
    rungs=(
        Rung(to="supervisor", acknowledge_within=_A_DAY),
        Rung(to="department_head", acknowledge_within=_A_DAY),
        Rung(to="senior_management"),
    ),
    repeat=_A_DAY,
)
_URGENT = Ladder(
    rungs=(
        Rung(to="dpo", acknowledge_within=_QUARTER),
        Rung(to="senior_management", acknowledge_within=_QUARTER),
    ),
    repeat=_QUARTER,
)
_OWNED = Ladder(
    rungs=(
        Rung(to="supervisor", acknowledge_within=_HOURS),
        Rung(to="department_head", acknowledge_within=_HOURS),
        Rung(to="dpo", acknowledge_within=_HOURS),
        Rung(to="senior_management"),
    ),
    repeat=_A_DAY,
)
LADDERS: Mapping[str, Ladder] = {"overdue": _LINE, "breach": _URGENT, "complaint": _OWNED}
