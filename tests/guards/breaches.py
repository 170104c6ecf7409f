"""Guards of breaches by the book: the original event, decisions with reasons, no early end, honest evidence."""

from tests.guards.table import guard

LAW, NOTIFYING, CLOSING, FACTS, EVIDENCE = (
    f"handlers/breaches/{name}.py" for name in ("law", "notifying", "closing", "facts", "evidence")
)
SAID = "tests/handlers/test_breach_law.py::"
PACK = "tests/bot/test_evidence.py::"

BREACHES = (
    guard(
        "what was told or decided is not judged again",
        LAW,
        "        if old and clock in settled:",
        "        if False:",
        SAID + "test_not_needed_is_a_decision_with_reasons",
    ),
    guard(
        "a reporter's no stops no clock",
        LAW,
        '    if breach.personal_data == "yes":\n        known["personal_data"] = "yes"',
        '    known["personal_data"] = breach.personal_data.replace("unsure", "")',
        SAID + "test_a_reporter_who_says_no_stops_no_clock",
    ),
    guard(
        "each report starts its clocks",
        "handlers/breaches/report.py",
        "    law.begin(tx, ask, id)",
        "    pass",
        SAID + "test_from_the_report_on_every_clock_runs_that_may_run_and_provisionally",
    ),
    guard(
        "a fact reckons the clocks anew",
        FACTS,
        "    law.reckon(tx, ask, breach, who=ask.person.id)",
        "    pass",
        SAID + "test_a_count_that_passes_a_threshold_starts_its_clock_from_the_original_event",
    ),
    guard(
        "a later awareness needs its reason",
        FACTS,
        '    if _later(before, changed) and not ask.typed("reason"):',
        "    if False:",
        SAID + "test_a_later_awareness_needs_its_reason",
    ),
    guard(
        "a late notice needs its reasons",
        NOTIFYING,
        '    if at and due and at > due and not one.settled and not ask.typed("late"):',
        "    if False:",
        SAID + "test_a_late_notice_needs_the_reasons_of_its_delay",
    ),
    guard(
        "“not needed” needs its reasons",
        NOTIFYING,
        '    errors = {} if ask.typed("reasons") else {',
        "    errors = {} if True else {",
        SAID + "test_not_needed_is_a_decision_with_reasons",
    ),
    guard(
        "management hears of what is late",
        LAW,
        'people.holders(tx, "senior_management")] if late else []',
        'people.holders(tx, "senior_management")] if False else []',
        SAID + "test_whoever_is_on_it_is_reminded_before_it_is_due_and_management_when_it_is_late",
    ),
    guard(
        "a target of the firm's own is late for nobody",
        LAW,
        "row.target_at if row.target_at and row.target_at > now else None",
        "row.target_at",
        SAID + "test_a_target_of_the_firm_is_no_law_and_late_for_nobody",
    ),
    guard(
        "nothing closes while something waits",
        CLOSING,
        '    elif outcome == "breach" and (left := _left(tx, breach)):',
        '    elif outcome == "none" and (left := _left(tx, breach)):',
        SAID + "test_nothing_closes_while_something_waits_and_then_it_stands_in_the_register",
    ),
    guard(
        "what is closed is not worked on",
        "handlers/breaches/rights.py",
        '    if breach.state == "closed":',
        "    if False:",
        SAID + "test_not_a_breach_closes_with_its_reasons_and_can_be_opened_again",
    ),
    guard(
        "the register is not everybody's",
        CLOSING,
        "    if not ask.person.roles & REGISTER:",
        "    if False:",
        SAID + "test_the_register_is_for_the_team_and_auditors",
    ),
    guard(
        "evidence goes to whoever responds to the case",
        EVIDENCE,
        " or not may_respond(tx, person, breach.id):",
        ":",
        PACK + "test_whoever_chat_would_refuse_gets_nothing_and_always_the_same_words",
    ),
    guard(
        "the redacted edition has no typed word",
        EVIDENCE,
        "        if not self.full or sealed is None:",
        "        if sealed is None:",
        PACK + "test_the_redacted_edition_has_no_typed_word_and_no_name",
    ),
    guard(
        "each entry of the evidence is proved",
        "bot/packs/case_proof.py",
        "        if not tree.verify_inclusion(leaf, index=index, size=own.size, proof=one.path, root=own.root):",
        "        if False:",
        PACK + "test_an_entry_put_in_by_whoever_has_the_key_is_found",
    ),
    guard(
        "the inner seal of the evidence holds",
        "bot/packs/case_proof.py",
        "    if texts[CONTENTS] != case_files.contents(texts):",
        "    if False:",
        PACK + "test_a_case_changed_by_whoever_has_the_key_is_found",
    ),
)
