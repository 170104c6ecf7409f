"""Which chat somebody is told in, where a firm has two: one home platform a person, and the zone in which forms ask."""

from zoneinfo import ZoneInfo

from handlers.people import zone_of
from handlers.policy import Policy
from handlers.request import Account, Ask
from handlers.router import command
from handlers.views import Say
from handlers.words import _
from storage import audit, chat, people
from storage.store import Tx

NAMES = {"slack": "Slack", "teams": "Microsoft Teams"}
OWN = ("log-client", "report-breach")  # in Slack slash commands of their own
TYPED = {"slack": ("/{name}", "/sopwith {name}"), "teams": ("{name}", "{name}")}  # one of OWN, any other


@command("here", help=_("Send my duties to this chat, where I use more than one"), writes=True)
def stay_here(tx: Tx, ask: Ask) -> Say:
    """From now on notices come to the account that asks."""
    account, accounts = str(ask.request.account), chat.accounts_of(tx, ask.person.id)
    name = NAMES.get(account.partition(":")[0], "")
    if chat.chosen(tx, ask.person.id) == account or len(accounts) == 1:
        return Say(text=_("Your duties come here, to {platform}.").format(platform=name))
    chat.choose(tx, account, ask.person.id)
    audit.record(tx, "account.chosen", who=ask.person.id, account=account)
    return Say(text=_("From now on your duties come here, to {platform}.").format(platform=name))


def as_typed(name: str, account: Account | None) -> str:
    """A command as it is typed where this account is."""
    own, other = TYPED.get(account.platform if account else "", TYPED["slack"])
    return (own if name in OWN else other).format(name=name)


def zone_at(tx: Tx, account: Account, policy: Policy) -> ZoneInfo:
    """The zone of whoever speaks; the firm's, for somebody nobody knows."""
    known = chat.account(tx, str(account))
    person = people.by_id(tx, known.person_id) if known else None
    return zone_of(tx, person, policy) if person else policy.zone
