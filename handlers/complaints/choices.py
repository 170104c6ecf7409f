"""The closed choices of a complaint, in the words of its forms."""

from handlers.words import _

LENGTH = 3000
KINDS = {"complaint": _("A complaint from a client"), "concern": _("A concern about conduct")}
HERE = {"yes": _("Yes"), "no": _("No")}
SEVERITIES = {
    "low": _("Low: put right in a day or two"),
    "medium": _("Medium: needs looking into"),
    "high": _("High: harm, money, or somebody vulnerable"),
}
NOTES = {
    "reply": _("A reply to the client"),
    "status": _("Told the client how it stands"),
    "update": _("A note for those who work on it"),
}
OUTCOMES = {"upheld": _("Upheld"), "partly": _("Partly upheld"), "not": _("Not upheld")}
SIGNPOSTED = {"yes": _("Yes"), "no": _("No"), "none": _("Nobody outside the firm to name")}
TITLES = {  # of the notes on a case
    **NOTES,
    "owned": _("Taken on"),
    "confirmed": _("Still being worked on"),
    "handed": _("Handed over"),
    "returned": _("Given back"),
    "resolved": _("Resolved"),
    "reopened": _("Opened again"),
}
