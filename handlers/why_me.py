"""Why somebody is told: one sentence for each kind of notice, for messages that cannot be asked.

Neutral words: no name, no client, nothing of what happened.
"""

from handlers.words import _

_REPLIES = _("You are the one who replies, or you stand in for that person.")
_TOOK_IT = _("You took it, and it is not settled yet.")
WHY = {
    "deadline.reminder": _REPLIES,
    "deadline.overdue": _REPLIES,
    "deadline.reassigned": _("This reply was handed to you, or to somebody for whom you stand in."),
    "deadline.escalated": _("Your firm's SOP names you as the next to know, or you stand in for that person."),
    "deadline.still-due": _TOOK_IT,
    "ladder.nobody": _("You are an administrator, and nobody else could be told."),
    "breach.reported": _("Your firm's SOP names you for this, or you stand in for that person."),
    "breach.inform": _("Your firm's SOP has senior management told of every report."),
    "breach.still-open": _TOOK_IT,
    "breach.clock": _("You work on it, your firm's SOP names you for it, or you stand in for that person."),
    "complaint.raised": _("Your firm's SOP names you as the next to know, or you stand in for that person."),
    "complaint.handed": _("This was handed to you, or to somebody for whom you stand in."),
    "complaint.due": _("You own it, or you stand in for its owner."),
    "complaint.late": _("You own it, you stand in for its owner, or you are the owner's supervisor."),
    "complaint.still-open": _TOOK_IT,
    "complaint.over": _("You passed it on."),
    "policy.changed": _("Your role is told of every change of the policy file."),
    "quarantine.entry": _("Entries that wait for a client file are looked after by your role."),
    "channel.exception": _("You are the supervisor, or you stand in for that person."),
    "backlog": _("Several things wait for you at once."),
    "notice.failed": _("You are an administrator."),
    "access.request": _("You own this client file, or you stand in for its owner."),
    "access.answered": _("You asked for this."),
    "access.given": _("A client file was opened to you."),
    "access.ended": _("A client file was closed to you."),
    "access.ending": _("It is your access, or you own the client file."),
    "emergency.begun": _("You own this client file, or your role reviews every emergency access."),
    "emergency.review": _("Your role reviews every emergency access."),
    "leaver.openings": _("You are the Data Protection Officer."),
    "barrier.owner": _("You are a guardian."),
    "openings.weekly": _("You are the Data Protection Officer."),
    "account.gone": _("You are an administrator."),
    "review.asked": _("You own this client file, stand in for its owner, or your role looks after reviews."),
    "access.rests": _("It is your access."),
    "undertaking.owed": _("Everybody who may open client files acknowledges it once."),
    "secret.expires": _("You are an administrator."),
}


def why_me(kind: str) -> str:
    """The sentence for this kind of notice."""
    return WHY.get(kind, _("It belongs to your role or to your duties."))
