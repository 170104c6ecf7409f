"""The policy file is checked whole: every fault with its path in the file, all at once."""

import pytest

from bot import config
from bot.config import BadConfig
from tests.support.policy_texts import GOOD, WEEK, calendar, ladder, sla, with_


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(BadConfig) as bad:
        config.policy(text)
    return bad.value.faults


MAIL = GOOD + '[notify]\nsmtp = "smtps://mail.example.com"\n'
TURN = GOOD + "[[breach.on_call]]\n"
FAULTS = [  # text, path, a piece of what is said
    ("", "firm", "is missing"),
    (with_("firm", 'name = "x"'), "firm.zone", "is missing"),
    (with_("firm", 'name = "  "\nzone = "Europe/London"'), "firm.name", "empty"),
    (with_("firm", 'name = "x"\nzone = "Europe/Londn"'), "firm.zone", '"Europe/London"'),
    (with_("firm", 'name = "x"\nzone = "../../etc/passwd"'), "firm.zone", "not a known time zone"),
    (with_("firm", 'name = "x"\nzone = "Europe"'), "firm.zone", "not a known time zone"),
    (with_("firm", 'name = 3\nzone = "Europe/London"'), "firm.name", "text in quotes"),
    (GOOD + "\n[frim]\nname = 'x'", "frim", "unknown key. Did you mean firm?"),
    (calendar(f"open = {WEEK}\nholiday = 'GB'"), "calendars.london.holiday", "Did you mean holidays?"),
    (calendar("open = {}"), "calendars.london.open", "never be open"),
    (calendar("open = { mon = [] }"), "calendars.london.open", "never be open"),
    (calendar('open = { mon = ["09:00-17:00", "16:00-18:00"] }'), "calendars.london.open.mon", "overlaps"),
    (calendar('open = { sun = ["22:00-06:00"], mon = ["05:00-09:00"] }'), "calendars.london.open.sun", "overlaps"),
    (calendar('open = { mon = ["9-5"] }'), "calendars.london.open.mon.0", "not a block"),
    (calendar('open = { monday = ["09:00-17:00"] }'), "calendars.london.open.monday", "'mon'"),
    (calendar(f"open = {WEEK}\nholidays = 'GB-XYZ'"), "calendars.london.holidays", "country"),
    (calendar(f"open = {WEEK}\nholidays = 'ZZ'"), "calendars.london.holidays", "country"),
    (calendar(f"open = {WEEK}\nholidays = ''"), "calendars.london.holidays", "country"),
    (calendar(f"open = {WEEK}\nclosed = ['24 December']"), "calendars.london.closed.0", "not a date"),
    (calendar(f"open = {WEEK}\nclosed = [2026-12-24T10:00:00]"), "calendars.london.closed.0", "not a date"),
    (calendar(f'open = {WEEK}\nhalf_days = {{ "x" = [] }}'), "calendars.london.half_days.x", "not a date"),
    (calendar("always_open = 'yes'"), "calendars.london.always_open", "true or false"),
    (calendar(f"always_open = true\nopen = {WEEK}"), "calendars.london.open", "always_open"),
    (calendar(f"open = {WEEK}\nzone = 'Mars/Base'"), "calendars.london.zone", "not a known time zone"),
    (sla('target = "0 business hours"'), "sla.first_response.target", "longer than nothing"),
    (sla('target = "-3h"'), "sla.first_response.target", "not a duration"),
    (sla("target = 24"), "sla.first_response.target", "text in quotes"),
    (sla('reading = "elapsed"'), "sla.first_response.target", "is missing"),
    (sla('target = "1h"\nreading = "wall_clock"'), "sla.first_response.reading", "working_hours"),
    (sla('target = "1h"\ncalendar = "londn"'), "sla.first_response.calendar", "Did you mean london?"),
    (sla('target = "1h"\nremind_at = [0]'), "sla.first_response.remind_at", "1 to 99"),
    (sla('target = "1h"\nremind_at = [50, 100]'), "sla.first_response.remind_at", "1 to 99"),
    (sla('target = "1h"\nremind_at = [75, 50]'), "sla.first_response.remind_at", "rise"),
    (sla('target = "1h"\nremind_at = [50, 50]'), "sla.first_response.remind_at", "rise"),
    (sla('target = "1h"\nremind_at = 75'), "sla.first_response.remind_at", "list"),
    (GOOD.replace("first_response", "resolution"), "sla.first_response", "is missing"),
    (GOOD + "[calendars.paris]\nalways_open = true", "sla.first_response.calendar", "london, paris"),
    (with_("channels", "approved = {}"), "channels.approved", "at least one"),
    (with_("channels", ""), "channels.approved", "is missing"),
    (with_("channels", 'approved = { "Another channel" = true }'), "channels.approved.Another channel", "form"),
    (with_("channels", 'approved = { "Fax" = "no" }'), "channels.approved.Fax", "true or false"),
    (ladder(""), "escalation.breach.rungs", "at least one"),
    (ladder('{to="dpo",acknowledge_within="1h"},{to="dpo"}'), "escalation.breach.rungs.1.to", "twice"),
    (ladder('{to="dpo"},{to="counsel"}'), "escalation.breach.rungs.0.acknowledge_within", "Every rung but the last"),
    (ladder('{to="dpo",acknowledge_within="0m"}'), "escalation.breach.rungs.0.acknowledge_within", "nothing"),
    (ladder('{to="supervisor"}').replace("breach", "complaint"), "escalation.complaint.rungs.0.to", "outside the line"),
    (ladder('{to="the boss"}'), "escalation.breach.rungs.0.to", "supervisor, department_head"),
    (GOOD + '[escalation.overdue]\nrepeat = "0s"', "escalation.overdue.repeat", "longer than nothing"),
    (GOOD + "[escalation.late]", "escalation.late", "unknown key"),
    (GOOD + '[breach]\ndpo_within = "soon"', "breach.dpo_within", "not a duration"),
    (GOOD + '[breach]\nregimes = ["eu.gdpr", "eu.gdpr"]', "breach.regimes", "twice"),
    (TURN + 'name = "Ann"', "breach.on_call.0.phone", "is missing"),
    (TURN + 'phone = "020 7946 0000"', "breach.on_call.0.person", "is missing"),
    (TURN + 'name = "A"\nperson = "a@x.example"\nphone = "1234"', "breach.on_call.0.name", "one of the two"),
    (TURN + 'person = "Ann"\nphone = "1234"', "breach.on_call.0.person", "e-mail address"),
    (TURN + 'name = "A"\nphone = "ask Ann"', "breach.on_call.0.phone", "telephone number"),
    (TURN + 'name = "A"\nphone = "12"', "breach.on_call.0.phone", "telephone number"),
    (TURN + 'name = "A"\nphone = 442079460000', "breach.on_call.0.phone", "text in quotes"),
    (TURN + 'name = "A"\nphone = "1234"\nform = 2026-12-01', "breach.on_call.0.form", "Did you mean from?"),
    (TURN + 'name = "A"\nphone = "1234"\nfirst = 2026-12-01', "breach.on_call.0.first", "unknown key"),
    (TURN + 'name = "A"\nphone = "1234"\nfrom = "soon"', "breach.on_call.0.from", "not a date"),
    (TURN + 'name = "A"\nphone = "1234"\nfrom = 2026-12-02\nto = 2026-12-01', "breach.on_call.0.to", "before it"),
    (GOOD + "[breach]\non_call = 1", "breach.on_call", "list"),
    (GOOD + "[pings]\nper_day = 0", "pings.per_day", "greater than or equal to 1"),
    (GOOD + '[pings]\nquiet = "8pm-7am"', "pings.quiet", "not a block"),
    (GOOD + '[pings]\nworking_hours = "yes"', "pings.working_hours", "true or false"),
    (GOOD + '[rollout]\npeople = ["amelia"]', "rollout.people.0", "e-mail address"),
    (GOOD + '[rollout]\nescalate_from = "soon"', "rollout.escalate_from", "not a date"),
    (GOOD + '[rollout]\nescalate_form = "2026-12-07"', "rollout.escalate_form", "Did you mean escalate_from?"),
    (GOOD + "[pings]\nper_day = true", "pings.per_day", "whole number"),
    (GOOD + '[audit]\nevery = "1 business day"', "audit.every", "seconds, minutes or hours"),
    (GOOD + '[audit]\ncheckpoint_file = ""', "audit.checkpoint_file", "empty"),
    (GOOD + '[notify]\nsmtp = "mail.example.com"', "notify.smtp", "smtps://"),
    (GOOD + '[notify]\nsmtp = "smtps://u:hunter2@mail.example.com"', "notify.smtp", "password"),
    (GOOD + '[notify]\nsmtp = "smtps://mail.example.com/inbox"', "notify.smtp", "end after"),
    (GOOD + '[notify]\nsmtp = "http://mail.example.com"', "notify.smtp", "smtps://"),
    (GOOD + '[notify]\nsmtp = "smtp://127.0.0.1:2525"', "notify.sender", "is missing"),
    (GOOD + '[notify]\nsmtp = "smtp://relay"', "notify.sender", "is missing"),
    (GOOD + '[notify]\nsender = "bot@example.com"', "notify.sender", "needs notify.smtp"),
    (GOOD + '[notify]\nfallback_after = "5m"', "notify.fallback_after", "needs notify.smtp"),
    (MAIL + 'sender = "Bot <bot@example.com>"', "notify.sender", "one plain e-mail address"),
    (MAIL + 'sender = "bot@example.com\\nBcc: all@example.com"', "notify.sender", "one plain e-mail address"),
    (MAIL + 'fallback_after = "1 business day"', "notify.fallback_after", "seconds, minutes or hours"),
    (MAIL + 'fallback_after = "0m"', "notify.fallback_after", "longer than nothing"),
    (MAIL + 'ca_file = ""', "notify.ca_file", "empty"),
    (MAIL + 'user = "bot"', "notify.user", "unknown key"),
    (GOOD + '[notify]\nheartbeat_url = "http://watchdog.example.com/"', "notify.heartbeat_url", "https"),
    (GOOD + '[notify]\nheartbeat_url = "https://u:hunter2@watchdog.example.com/"', "notify.heartbeat_url", "password"),
]


@pytest.mark.parametrize(("text", "path", "said"), FAULTS, ids=[f"{n}-{path}" for n, (_, path, _) in enumerate(FAULTS)])
def test_each_fault_is_reported_with_its_path_in_the_file(text: str, path: str, said: str) -> None:
    found = [fault for fault in faults(text) if fault.startswith(f"{path}: ")]
    assert found, faults(text)
    assert said in found[0]
    assert len(faults(text)) == (4 if text == "" else 1)


def test_one_wrong_value_is_reported_once_and_alone() -> None:
    assert len(faults(sla('target = "0h"'))) == 1


def test_all_faults_are_reported_at_once_and_none_hides_another() -> None:
    text = """
nonsense = 1
[firm]
name = "x"
zone = "Mars/Base"
[calendars.a]
zone = "Nowhere"
open = { mon = ["09:00-17:00", "16:00-18:00"], wed = ["9-5"] }
[calendars.b]
always_open = true
open = { mon = ["09:00-10:00"] }
[sla.first_response]
target = "0h"
calendar = "c"
[channels]
approved = {}
[escalation.breach]
rungs = [ {to = "dpo"}, {to = "dpo", acknowledge_within = "0m"}, {to = "nobody"} ]
"""
    assert {fault.partition(": ")[0] for fault in faults(text)} == {
        "nonsense",
        "firm.zone",
        "calendars.a.zone",
        "calendars.a.open.mon",
        "calendars.a.open.wed.0",
        "calendars.b.open",
        "sla.first_response.target",
        "sla.first_response.calendar",
        "channels.approved",
        "escalation.breach.rungs.0.acknowledge_within",
        "escalation.breach.rungs.1.to",
        "escalation.breach.rungs.1.acknowledge_within",
        "escalation.breach.rungs.2.to",
    }


@pytest.mark.parametrize("shape", ["firm = 1", "sla = []", "calendars = 'x'", "escalation = 3", "channels = true"])
def test_a_section_of_the_wrong_shape_is_a_fault_and_not_a_crash(shape: str) -> None:
    assert any(fault.startswith(shape.partition(" ")[0]) for fault in faults(shape))
