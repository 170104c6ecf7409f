"""Every procedure of the house, in one import: what is not listed here is not registered."""

from handlers import (
    app_secret,
    away,
    backlog,
    chats,
    client_export,
    client_list,
    clients,
    custody,
    escalations,
    escrow,
    home,
    people,
    people_check,
    people_file,
    policy_change,
)
from handlers.breaches import report, respond
from handlers.deadlines import cards, clock, duties
from handlers.interactions import amend, form, log, quarantine

PROCEDURES = (
    amend,
    app_secret,
    away,
    backlog,
    cards,
    chats,
    client_export,
    client_list,
    clients,
    clock,
    custody,
    duties,
    escalations,
    escrow,
    form,
    home,
    log,
    people,
    people_check,
    people_file,
    policy_change,
    quarantine,
    report,
    respond,
)
