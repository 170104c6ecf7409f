"""Policy files for tests: a small good one, the manual's example, and the small one with a section put otherwise."""

WEEK = '{ mon = ["09:00-17:00"], tue = ["09:00-17:00"] }'
GOOD = f"""
[firm]
name = "Harbour & Lane"
zone = "Europe/London"
[calendars.london]
open = {WEEK}
[sla.first_response]
target = "24 business hours"
[channels]
approved = {{ "Company email" = true, "Fax" = false }}
"""
CONTRACT = """
[firm]
name = "Harbour & Lane"
zone = "Europe/London"
[calendars.london]
zone = "Europe/London"
open = { mon = ["09:00-17:30"], tue = ["09:00-17:30"], wed = ["09:00-17:30"], thu = ["09:00-17:30"], fri = ["09:00-17:00"] }
holidays = "GB-ENG"
closed = ["2026-12-24"]
half_days = { "2026-12-31" = ["09:00-12:30"] }
[sla.first_response]
target = "24 business hours"
reading = "business_day"
calendar = "london"
remind_at = [75]
[channels]
approved = { "Company email" = true, "Company phone" = true, "Client portal" = true, "Meeting" = true, "Letter" = true }
[escalation.overdue]
rungs = [ {to = "supervisor", acknowledge_within = "1 business day"}, {to = "department_head", acknowledge_within = "1 business day"}, {to = "senior_management"} ]
repeat = "1 business day"
[breach]
dpo_within = "1h"
emergency = "Ring +44 20 7946 0000 (DPO on call)"
regimes = ["eu.gdpr", "uk.gdpr"]
[pings]
per_day = 6
[audit]
checkpoint_file = "checkpoints.txt"
every = "1m"
[notify]
smtp = "smtps://mail.example.com"
"""  # noqa: E501  the example of the manual, as it stands there


def with_(section: str, text: str) -> str:
    """The good file with one section written otherwise."""
    pieces = GOOD.split("\n[")
    kept = [piece for piece in pieces if not piece.startswith(f"{section}]")]
    return "\n[".join(kept) + f"\n[{section}]\n{text}\n"


def calendar(text: str) -> str:
    return with_("calendars.london", text)


def sla(text: str) -> str:
    return with_("sla.first_response", text)


def ladder(rungs: str) -> str:
    return f"{GOOD}\n[escalation.breach]\nrungs = [{rungs}]\n"
