"""Guards of what people may see and do: files, quarantine, duties, breaches, names, channels and card numbers."""

from tests.guards.table import guard

ACCESS, CHECKS, DUTIES = "handlers/access.py", "handlers/interactions/checks.py", "handlers/deadlines/duties.py"
CARDS, LOG, REPORT = "handlers/deadlines/cards.py", "handlers/interactions/log.py", "handlers/breaches/report.py"
RESPOND = "handlers/breaches/respond.py"
MAY = "tests/handlers/test_who_may.py::"
ENTRIES = "tests/handlers/test_interactions.py::"
CLOCK = "tests/handlers/test_response_clock.py::"
BREACH = "tests/handlers/test_breach.py::"
PLAIN = "tests/handlers/test_nothing_in_plain.py::"
BAD_INPUT = ENTRIES + "test_bad_input_is_said_beside_its_field_and_nothing_is_kept"

FILES = (
    guard(
        "a file opens to those who may open it",
        ACCESS,
        "    return Way(person=person, standing=found, by=nearest) if nearest else None",
        '    return Way(person=person, standing=found, by=nearest or "owner")',
        ENTRIES + "test_a_file_of_others_and_a_file_that_does_not_exist_are_refused_alike",
        MAY + "test_an_access_record_that_has_ended_opens_nothing_and_hides_the_codename_again",
    ),
    guard(
        "whoever is gone may open nothing",
        ACCESS,
        "    found = access.between(tx, client_id, person.id) if person.active(tx.now) else None",
        "    found = access.between(tx, client_id, person.id)",
        MAY + "test_somebody_past_the_last_day_may_open_nothing_though_the_access_record_stands",
    ),
    guard(
        "an access record ends",
        "storage/access.py",
        "    return and_(table.c.starts_at <= now, or_(table.c.ends_at.is_(None), table.c.ends_at > now))",
        "    return table.c.starts_at <= now",
        MAY + "test_an_access_record_that_has_ended_opens_nothing_and_hides_the_codename_again",
    ),
    guard(
        "an opening needs a transaction that can record it",
        ACCESS,
        "    if not tx.writable:",
        "    if False:",
        MAY + "test_a_question_cannot_open_a_file_because_it_could_not_record_it",
    ),
    guard(
        "an opening is audited",
        ACCESS,
        '    audit.record(tx, "file.opened", who=found.person.id, client=client_id, purpose=purpose, **by)',
        "    pass",
        ENTRIES + "test_the_timeline_is_newest_first_in_pages_with_a_filter_and_each_opening_is_audited_once",
    ),
    guard(
        "the quarantine has its readers",
        ACCESS,
        "    if not person.roles & QUARANTINE_READERS:",
        "    if False:",
        MAY + "test_the_quarantine_itself_asks_for_the_role",
    ),
    guard(
        "names of one's own files only",
        ACCESS,
        "    allowed = [client.id for client in found if knows(tx, person, client.id)]",
        "    allowed = [client.id for client in found]",
        MAY + "test_names_are_given_for_ones_own_files_only",
    ),
    guard(
        "an entry goes into one's own files only",
        CHECKS,
        "    if chosen and chosen != UNLISTED.value and not (way and way.writes):",
        "    if False:",
        BAD_INPUT,
    ),
    guard(
        "whoever is to reply may open the file",
        CHECKS,
        "    if chosen and chosen != UNLISTED.value and not files.may_write(tx, replier, chosen):",
        "    if False:",
        BAD_INPUT,
    ),
    guard(
        "an entry is moved out by those who may open its file",
        "handlers/interactions/quarantine.py",
        "    if found is None or not (found.reads and found.writes):",
        "    if False:",
        MAY + "test_the_wrong_client_form_is_for_those_who_may_open_the_file",
    ),
    guard(
        "the codename is for those who may open the file: cards",
        CARDS,
        "    if deadline.client_id and access.knows(tx, person, deadline.client_id):",
        "    if deadline.client_id:",
        MAY + "test_a_supervisor_is_handed_a_reference_and_whoever_may_open_the_file_its_codename",
    ),
    guard(
        "the codename is for those who may open the file: home",
        "handlers/home.py",
        "        known = entry.client_id and files.knows(tx, ask.person, entry.client_id)",
        "        known = entry.client_id",
        MAY + "test_an_access_record_that_has_ended_opens_nothing_and_hides_the_codename_again",
    ),
)

ACTS = (
    guard(
        "a duty is one's own",
        DUTIES,
        "    if deadline is None or not may_act(tx, ask.person, deadline):\n        raise Refused(",
        "    if deadline is None:\n        raise Refused(",
        CLOCK + "test_a_stranger_to_the_duty_can_do_nothing_about_it",
    ),
    guard(
        "why is told to those concerned",
        DUTIES,
        "    if deadline is None or not may_act(tx, ask.person, deadline):\n        mine(",
        "    if deadline is None:\n        mine(",
        CLOCK + "test_why_shows_the_sum_and_only_to_those_concerned",
    ),
    guard(
        "a reply is handed to those who may open the file: offered",
        DUTIES,
        "    if deadline.client_id is None:\n        found = people.everybody(tx)\n    else:\n",
        "    found = people.everybody(tx)\n    if False:\n",
        CLOCK + "test_reassign_offers_only_people_who_may_open_the_file_and_refuses_others",
    ),
    guard(
        "a reply is handed to those who may open the file: taken",
        DUTIES,
        '    chosen = next((p for p in candidates(tx, ask, deadline) if p.id == ask.typed("person")), None)',
        '    chosen = people.by_id(tx, ask.typed("person"))',
        CLOCK + "test_reassign_offers_only_people_who_may_open_the_file_and_refuses_others",
    ),
    guard(
        "while a firm starts with a few, only they are made the one who replies",
        "handlers/interactions/checks.py",
        "    if not ask.policy.takes_part(replier):",
        "    if False:",
        "tests/handlers/test_rollout.py::test_nobody_else_is_made_the_one_who_replies",
    ),
    guard(
        "“I take it” is for those the ladder told",
        DUTIES,
        "    if not escalations.may_take(ladders.of(tx, deadline.id), tx, ask.person):\n        raise",
        "    if False:\n        raise",
        MAY + "test_only_those_the_ladder_told_can_take_it",
    ),
    guard(
        "the first “I take it” has it",
        "storage/escalations.py",
        '    rows = update(escalations).where(escalations.c.subject == subject, escalations.c.state == "climbing")\n'
        '    values = {"state": "acknowledged"',
        '    rows = update(escalations).where(escalations.c.subject == subject)\n    values = {"state": "acknowledged"',
        CLOCK + "test_taking_it_stops_the_ladder_and_the_reply_stops_everything",
    ),
    guard(
        "a breach is the response team's",
        "handlers/breaches/rights.py",
        "    if found is None or not may_respond(tx, ask.person, breach_id):",
        "    if found is None:",
        BREACH + "test_only_the_response_team_reads_the_report_and_each_reading_is_audited",
    ),
    guard(
        "a breach stands on the response team's home",
        "handlers/home.py",
        "        if may_respond(tx, ask.person, breach.id):",
        "        if True:",
        MAY + "test_cases_stand_on_the_home_of_the_response_team_alone",
    ),
    guard(
        "reading a breach is audited",
        RESPOND,
        '    audit.record(tx, "breach.opened", who=ask.person.id, breach=breach.id)',
        "    pass",
        BREACH + "test_only_the_response_team_reads_the_report_and_each_reading_is_audited",
    ),
    guard(
        "a name is left out",
        REPORT,
        '    named = "yes" not in ask.chosen("anonymous") and ask.actor is not None',
        "    named = ask.actor is not None",
        BREACH + "test_without_a_name_no_id_of_the_reporter_is_in_any_row",
    ),
)

CHANNELS = (
    guard(
        "a channel is an approved one or said to be another",
        CHECKS,
        '    if ask.typed("channel") not in {*ask.policy.channels, OTHER_CHANNEL}:',
        "    if False:",
        BAD_INPUT,
    ),
    guard(
        "another channel has a name",
        CHECKS,
        '    if ask.typed("channel") == OTHER_CHANNEL and not ask.typed("which_channel"):',
        "    if False:",
        PLAIN + "test_another_channel_needs_its_name",
    ),
    guard(
        "another channel is kept",
        LOG,
        'ask.typed("which_channel")) if off_channel else None',
        '"") if off_channel else None',
        ENTRIES + "test_an_unapproved_channel_is_kept_and_told_kindly_to_the_supervisor",
    ),
    guard(
        "another channel is told to the supervisor",
        LOG,
        "    supervisor = None if entry.approved else standins.supervisor(tx, ask.person)",
        "    supervisor = None",
        ENTRIES + "test_an_unapproved_channel_is_kept_and_told_kindly_to_the_supervisor",
        PLAIN + "test_an_entry_corrected_to_another_channel_is_told_to_the_supervisor_once",
    ),
    guard(
        "another channel is told when an entry is corrected to it",
        "handlers/interactions/amend.py",
        "    tell_off_channel(tx, ask, corrected)",
        "    pass",
        PLAIN + "test_an_entry_corrected_to_another_channel_is_told_to_the_supervisor_once",
    ),
)

CARD_NUMBERS = (
    guard(
        "card numbers are refused",
        CHECKS,
        "    found = {name: blocked for name, blocked in refused.items() if blocked}",
        "    found = {}",
        BAD_INPUT,
        BREACH + "test_bad_input_is_said_beside_its_field",
        PLAIN + "test_a_card_number_is_refused_in_every_field_that_is_kept",
        PLAIN + "test_a_card_number_is_refused_in_a_correction",
    ),
    guard(
        "card numbers are refused in every field of an entry",
        CHECKS,
        'SEALED = ("unlisted", "which_channel", "summary")',
        'SEALED = ("summary",)',
        PLAIN + "test_a_card_number_is_refused_in_every_field_that_is_kept",
    ),
    guard(
        "card numbers are refused in the right client's name",
        "handlers/interactions/quarantine.py",
        'refusals(seen_in(ask, ("right",)))',
        "refusals({})",
        PLAIN + "test_a_card_number_is_refused_in_the_name_of_the_right_client",
    ),
    guard(
        "what was refused is not repeated",
        CHECKS,
        "what=listing([_(LABELS[h.kind]) for h in blocked])",
        "what=typed[name]",
        BAD_INPUT,
    ),
)

RIGHTS = (*FILES, *ACTS, *CHANNELS, *CARD_NUMBERS)
