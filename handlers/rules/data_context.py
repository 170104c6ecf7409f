"""Which data processing context (DPC) the data of a breach are: the highest category, adjusted (ENISA 2013, annex 1).

Invariants: the bases are the source's; an adjustment is a whole step up or down with a written reason, and the result
stays within 1 to 4; there is no weight for volume between the steps. The wording is ours and unconfirmed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

LOWEST, HIGHEST = 1, 4
SECRECY = (
    "The firm owes professional secrecy. Does that alone raise the context (characteristics of the controller)? "
    "Answer yes or no, with a reason."
)


class Category(Enum):
    """The four categories, as they are shown."""

    SIMPLE = "simple: name, contact, education, family, work"
    BEHAVIOURAL = "behavioural: location, traffic, habits, preferences"
    FINANCIAL = "financial: income, statements, cards, invoices"
    SENSITIVE = "sensitive: health, politics, sex life (GDPR Art. 9, 10)"


BASES = {Category.SIMPLE: 1, Category.BEHAVIOURAL: 2, Category.FINANCIAL: 3, Category.SENSITIVE: 4}


@dataclass(frozen=True, kw_only=True, slots=True)
class Adjustment:
    """So many steps up (or, negative, down) and why. Refused (ValueError): no step, or no reason."""

    steps: int
    reason: str

    def __post_init__(self) -> None:
        if not self.steps:
            raise ValueError("An adjustment is a step up or down.")
        if not self.reason.strip():
            raise ValueError("An adjustment needs a written reason.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """Data of one category that were affected, and how its context was adjusted."""

    category: Category
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def dpc(self) -> int:
        """Base and steps, within 1 to 4."""
        moved = BASES[self.category] + sum(one.steps for one in self.adjustments)
        return min(HIGHEST, max(LOWEST, moved))


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """The DPC that counts, the category it comes from, and why, a sentence each."""

    dpc: int
    category: Category
    reasons: tuple[str, ...]


def data_context(holdings: Sequence[Holding]) -> Context:
    """The highest of all categories after adjusting; of equals the one with the higher base. Refused (ValueError): no
    category at all."""
    if not holdings:
        raise ValueError("At least one category of data is needed.")
    highest = max(holdings, key=lambda one: (one.dpc, BASES[one.category]))
    reasons = tuple(sentence for one in holdings for sentence in _sentences(one))
    return Context(dpc=highest.dpc, category=highest.category, reasons=reasons)


def _sentences(holding: Holding) -> list[str]:
    name = holding.category.name.capitalize()
    base = f"{name}: base {BASES[holding.category]}"
    steps = [f"{one.steps:+d} ({one.reason.strip()})" for one in holding.adjustments]
    return [f"{', '.join((base, *steps))}, so {holding.dpc}."]
