"""Guards of complaints: kept from whom they are about, owned by one, and never silent."""

from tests.guards.table import guard

SCREEN, LADDER, STANDIN = "handlers/screening.py", "handlers/escalations.py", "handlers/standins.py"
OWNING, RIGHTS, FILE = (f"handlers/complaints/{name}.py" for name in ("owning", "rights", "file"))
CLOCKS, PROGRESS, RECORD = (f"handlers/complaints/{name}.py" for name in ("clocks", "progress", "record"))
SAID = "tests/handlers/test_complaints.py::"
SAME = "tests/handlers/test_same_answers.py::"

COMPLAINTS = (
    guard(
        "a complaint is not there for whom it is about",
        SCREEN,
        "    if person.id in kept_from_whom(tx, subject):",
        "    if False:",
        SAME + "test_no_notice_about_a_complaint_has_a_card_for_whom_it_is_about",
    ),
    guard(
        "the ladder passes whom it is about by",
        LADDER,
        "        is_subject=person.id in concerned,",
        "        is_subject=False,",
        SAID + "test_words_of_a_breach_ask_once_and_yes_reports_it",
    ),
    guard(
        "the deputy of a holder is not whom it is about",
        LADDER,
        "        deputy_is_subject=deputy is not None and deputy.id in concerned,",
        "        deputy_is_subject=False,",
        SAID + "test_whoever_reads_for_a_holder_is_never_whom_it_is_about",
    ),
    guard(
        "nobody reads a complaint in another's stead who is what it is about",
        STANDIN,
        "if one and one.id not in kept_from and _may_know",
        "if one and _may_know",
        SAID + "test_no_stand_in_reads_what_is_about_the_stand_in",
    ),
    guard(
        "a breach is not there for whom it is kept from",
        "handlers/breaches/rights.py",
        "    if person.id in kept:",
        "    if False:",
        SAID + "test_a_report_is_kept_from_whom_the_reporter_names",
    ),
    guard(
        "only those who work on it open a complaint",
        RIGHTS,
        "    return has_it(tx, person, running) or escalations.may_take(running, tx, person)",
        "    return True",
        SAID + "test_the_supervisor_of_whom_it_is_about_is_told_and_sees_it_after_a_click",
    ),
    guard(
        "the file opens with a case only to those who work on it",
        "handlers/access.py",
        "case.client_id != client_id or not may_read(tx, person, matter):",
        "case.client_id != client_id:",
        "tests/handlers/test_no_way_around.py::test_each_door_refuses_whoever_has_no_right",
    ),
    guard(
        "only its owner works on it",
        RIGHTS,
        "    if not has_it(tx, ask.person, ladders.of(tx, complaint_id)):",
        "    if False:",
        SAID + "test_news_a_reply_the_outcome_and_again",
    ),
    guard(
        "an owner who says nothing loses it",
        OWNING,
        "    timers.start(tx, SILENT, complaint.id, _in(ask, ANSWER_WITHIN, tx.now, owner))",
        "    pass",
        SAID + "test_who_owns_it_stops_the_ladder_and_silence_starts_it_again",
    ),
    guard(
        "an owner who left loses it",
        OWNING,
        "    if owner is None or not owner.active(tx.now):",
        "    if owner is None:",
        SAID + "test_an_owner_who_left_loses_it",
    ),
    guard(
        "what is resolved is nobody's any more",
        OWNING,
        '    if complaint.state != "open":',
        "    if False:",
        SAID + "test_news_a_reply_the_outcome_and_again",
    ),
    guard(
        "resolving ends every clock",
        PROGRESS,
        "    complaints.meet(tx, complaint.id)",
        "    pass",
        SAID + "test_what_is_resolved_has_nothing_due",
    ),
    guard(
        "reading the file for a case is time-boxed",
        FILE,
        "    if tx.now >= until:",
        "    if False:",
        SAID + "test_the_file_is_read_for_it_for_a_time_and_nobody_concerned_sees_that",
    ),
    guard(
        "whom a case is kept from finds no opening for it",
        "handlers/need_to_know/as_of.py",
        ' and entry.words.get("matter") not in kept',
        "",
        SAID + "test_the_file_is_read_for_it_for_a_time_and_nobody_concerned_sees_that",
    ),
    guard(
        "what is late is told to the supervisor too",
        CLOCKS,
        "    above = supervisor(tx, owner) if late else None",
        "    above = None",
        SAID + "test_clocks_remind_the_owner_and_then_the_supervisor_too",
    ),
    guard(
        "a breach in a complaint's words is kept from the same people",
        RECORD,
        "hidden=[person.id for person in about])",
        "hidden=[])",
        SAID + "test_words_of_a_breach_ask_once_and_yes_reports_it",
    ),
    guard(
        "a complaint is moved by one at a time",
        "storage/complaints.py",
        "    row = tx.conn.execute(found.with_for_update() if tx.writable else found).one_or_none()",
        "    row = tx.conn.execute(found).one_or_none()",
        "tests/handlers/test_complaint_race.py::test_in_the_middle_of_the_end_it_is_not_taken_from_its_owner",
    ),
)
