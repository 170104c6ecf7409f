"""45 CFR 164.402 as a table: a breach is presumed, and what leads away from it needs a yes, a reason and a name."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers.rules.phi_breach import (
    Answers,
    Exempt,
    Exemption,
    Factor,
    Level,
    Outcome,
    Rating,
    Secured,
    Signature,
    phi_breach,
)

SIGNED = Signature(by="PE-1", at=datetime(2026, 11, 20, tzinfo=UTC))
LOW = Rating(level=Level.LOW, reason="The log shows no download")
ALL_LOW = dict.fromkeys(Factor, LOW)
NOT_SECURED = Secured(answer=False, reason="a paper file")
REBUTTED = Answers(ransomware=False, secured=NOT_SECURED, factors=ALL_LOW, signed=SIGNED)


def test_without_an_answer_a_breach_is_presumed() -> None:
    found = phi_breach(Answers(ransomware=False))
    assert (found.outcome, found.presumed) == (Outcome.BREACH, True)
    assert found.reasons[0] == "Nobody has said yet whether the PHI was secured: it counts as unsecured."
    assert sum("not judged yet" in reason for reason in found.reasons) == 4


def test_secured_phi_needs_no_notice_whatever_the_factors_say() -> None:
    worst = dict.fromkeys(Factor, Rating(level=Level.HIGH, reason="found on the web"))
    secured = Secured(answer=True, reason="AES-256, key in the HSM")
    found = phi_breach(Answers(ransomware=False, secured=secured, factors=worst))
    assert (found.outcome, found.presumed) == (Outcome.SECURED, False)
    assert found.reasons == ("The PHI was secured: AES-256, key in the HSM.",)


def test_whether_it_was_secured_when_nobody_knows_counts_as_no() -> None:
    found = phi_breach(Answers(ransomware=False, secured=Secured(answer=None, reason="the vendor is asked")))
    assert found.outcome is Outcome.BREACH
    assert found.reasons[0].startswith("It is unknown whether the PHI was secured, so it counts as unsecured")


@pytest.mark.parametrize("kind", Exempt)
def test_an_exception_with_its_reason_is_no_breach(kind: Exempt) -> None:
    found = phi_breach(Answers(ransomware=False, exception=Exemption(kind=kind, reason="sent back unopened!")))
    assert (found.outcome, found.presumed) == (Outcome.EXEMPT, False)
    assert found.reasons[-1] == f"Exception, {kind.value}: sent back unopened!"


def test_four_low_factors_and_the_privacy_officers_signature_make_a_low_probability() -> None:
    found = phi_breach(REBUTTED)
    assert (found.outcome, found.presumed) == (Outcome.LOW_PROBABILITY, False)
    assert found.reasons == (
        "The PHI was not secured: a paper file.",
        "No exception is claimed.",
        "Nature and extent of the PHI, its identifiers and the likelihood of re-identification: low. "
        "The log shows no download.",
        "Who used or received it, and whether they are bound to secrecy: low. The log shows no download.",
        "Whether it was actually acquired or viewed: low. The log shows no download.",
        "How far the risk was mitigated (return, attested destruction): low. The log shows no download.",
        "All four factors are low, and the privacy officer has signed.",
    )


def test_of_all_ratings_only_four_low_ones_rebut_the_presumption() -> None:
    for levels in itertools.product([*Level, None], repeat=4):
        judged = zip(Factor, levels, strict=True)
        factors = {one: Rating(level=level, reason="so") for one, level in judged if level is not None}
        found = phi_breach(replace(REBUTTED, factors=factors))
        low = levels == (Level.LOW,) * 4
        assert found.outcome is (Outcome.LOW_PROBABILITY if low else Outcome.BREACH), levels
        assert found.presumed is not low


def test_four_low_factors_without_a_signature_are_a_breach() -> None:
    found = phi_breach(replace(REBUTTED, signed=None))
    assert found.outcome is Outcome.BREACH
    assert "has not signed" in found.reasons[-1]


@pytest.mark.parametrize("ransomware", [True, None])
@pytest.mark.parametrize("secured", [None, NOT_SECURED, Secured(answer=True, reason="disks are encrypted")])
@pytest.mark.parametrize("exempt", [None, Exemption(kind=Exempt.NOT_RETAINED, reason="cut off at once")])
def test_ransomware_is_presumed_a_breach_whatever_else_was_answered(
    ransomware: bool | None, secured: Secured | None, exempt: Exemption | None
) -> None:
    found = phi_breach(replace(REBUTTED, ransomware=ransomware, secured=secured, exception=exempt))
    assert (found.outcome, found.presumed) == (Outcome.BREACH, True)


@pytest.mark.parametrize("reason", ["", "  "])
def test_no_answer_counts_without_its_reason(reason: str) -> None:
    with pytest.raises(ValueError, match="reason"):
        Secured(answer=True, reason=reason)
    with pytest.raises(ValueError, match="reason"):
        Exemption(kind=Exempt.GOOD_FAITH, reason=reason)
    with pytest.raises(ValueError, match="reason"):
        Rating(level=Level.UNKNOWN, reason=reason)


@pytest.mark.parametrize(("by", "at"), [("", SIGNED.at), ("PE-1", datetime(2026, 11, 20))])
def test_a_signature_has_a_person_and_a_time_with_its_zone(by: str, at: datetime) -> None:
    with pytest.raises(ValueError, match="signature"):
        Signature(by=by, at=at)
