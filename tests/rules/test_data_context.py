"""Which context the data are: bases, whole steps with reasons, the highest of several."""

import pytest

from handlers.rules.data_context import BASES, Adjustment, Category, Holding, data_context

CLIENT = "is a client of a bank, no more"


@pytest.mark.parametrize(
    ("category", "base"),
    [(Category.SIMPLE, 1), (Category.BEHAVIOURAL, 2), (Category.FINANCIAL, 3), (Category.SENSITIVE, 4)],
)
def test_without_adjustments_the_base_counts(category: Category, base: int) -> None:
    assert data_context([Holding(category=category)]).dpc == BASES[category] == base


@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize("steps", [-9, -3, -2, -1, 1, 2, 3, 9])
def test_steps_are_whole_and_stay_within_one_to_four(category: Category, steps: int) -> None:
    moved = Holding(category=category, adjustments=(Adjustment(steps=steps, reason="because"),))
    assert moved.dpc == sorted((1, BASES[category] + steps, 4))[1]


def test_the_highest_category_counts_after_adjusting() -> None:
    lowered = Holding(category=Category.FINANCIAL, adjustments=(Adjustment(steps=-2, reason=CLIENT),))
    found = data_context([lowered, Holding(category=Category.BEHAVIOURAL)])
    assert (found.dpc, found.category) == (2, Category.BEHAVIOURAL)
    assert found.reasons == (f"Financial: base 3, -2 ({CLIENT}), so 1.", "Behavioural: base 2, so 2.")


def test_several_steps_add_up_before_they_are_clamped() -> None:
    both = (Adjustment(steps=3, reason="vulnerable people"), Adjustment(steps=-1, reason="public anyway"))
    assert Holding(category=Category.SIMPLE, adjustments=both).dpc == 3


@pytest.mark.parametrize(("steps", "reason"), [(0, "none"), (1, ""), (-1, "  \n")])
def test_a_step_without_a_reason_and_no_step_at_all_are_refused(steps: int, reason: str) -> None:
    with pytest.raises(ValueError, match="An adjustment"):
        Adjustment(steps=steps, reason=reason)


def test_data_of_no_category_have_no_context() -> None:
    with pytest.raises(ValueError, match="At least one"):
        data_context([])
