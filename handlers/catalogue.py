"""Every procedure of the house, in one import: what is not listed here is not registered."""

from handlers import away, clients, escalations, home, people, policy_change
from handlers.breaches import report, respond
from handlers.deadlines import cards, clock, duties
from handlers.interactions import amend, form, log, quarantine

PROCEDURES = (
    amend,
    away,
    cards,
    clients,
    clock,
    duties,
    escalations,
    form,
    home,
    log,
    people,
    policy_change,
    quarantine,
    report,
    respond,
)
