"""Guards of a record that several processes share: the server's own refusals, and the locks that decide races."""

from tests.guards.table import guard

POSTGRES, OUTBOX, REFUSALS, ROLES = "storage/postgres.py", "storage/outbox.py", "storage/guards.py", "storage/roles.py"
SEQUENCER = "tests/storage/test_sequencer.py::"
LINES = "tests/storage/test_broken_lines.py::"
AT_ONCE = "tests/handlers/test_at_once.py::"
TWO_ROLES = "tests/bot/test_two_roles.py::"
STANDS = SEQUENCER + "test_a_guard_that_was_taken_down_or_made_harmless_is_named_and_raised_again"
REFUSES = SEQUENCER + "test_the_log_refuses_changes_to_its_own_owner"

ON_THE_LOG = (
    *(
        guard(
            f"on a server the audit log refuses {what.upper()}",
            REFUSALS,
            f'    "audit_log_no_{what}": ("BEFORE {what.upper()} ON audit_log", 2 | {bit}),\n',
            "",
            REFUSES,
        )
        for what, bit in (("update", 16), ("delete", 8), ("truncate", 32))
    ),
    *(
        guard(f"a harmless guard is no guard: {name}", REFUSALS, words, "", STANDS)
        for name, words in (
            ("switched off", " AND t.tgenabled = 'A'"),
            ("another moment", " AND t.tgtype = :type"),
            ("under a condition", "t.tgqual IS NULL AND "),
            ("of one column", "t.tgattr = '' AND "),
            ("its body", " AND p.prosrc = :body"),
        )
    ),
    guard(
        "the service's role only reads the log and adds to it",
        ROLES,
        'ADDED = "SELECT, INSERT"',
        'ADDED = "SELECT, INSERT, UPDATE, DELETE, TRUNCATE"',
        TWO_ROLES + "test_the_service_cannot_change_the_log_even_when_its_guards_are_down",
    ),
    guard(
        "one sequencer at a time",
        "storage/audit.py",
        "    if not locks.try_alone(tx.conn, locks.Turn.SEQUENCE):",
        "    if False:",
        SEQUENCER + "test_while_one_sequences_another_does_nothing_and_waits_for_nothing",
    ),
    guard(
        "no error of a server quotes a row",
        "storage/store.py",
        "        return self._backend.without_content(error)",
        "        return error",
        SEQUENCER + "test_no_error_quotes_the_row_that_broke_a_constraint",
    ),
    guard(
        "on a server a reader only asks",
        POSTGRES,
        "    connection.read_only = True",
        "    pass",
        "tests/storage/test_store.py::test_a_question_cannot_write",
    ),
)

RACES = (
    guard(
        "who was first with a key is found by the second try",
        POSTGRES,
        "{SERIALIZATION, DEADLOCK, UNIQUE}",
        "{SERIALIZATION, DEADLOCK}",
        AT_ONCE + "test_the_same_form_twice_at_once_is_saved_once_and_both_are_told_where",
    ),
    guard(
        "a lost commit is not tried again by those who cannot know",
        "storage/store.py",
        "                if not repeatable or attempt == TRIES:",
        "                if attempt == TRIES:",
        LINES + "test_a_lost_commit_is_said_and_not_tried_again",
    ),
    guard(
        "after a lost commit nobody says that nothing was saved",
        "storage/store.py",
        "raise self._translated(error, unsure=unsure) from None",
        "raise self._translated(error) from None",
        LINES + "test_what_was_perhaps_saved_is_never_said_not_to_be",
    ),
    guard(
        "one at a time decides on a client's clocks",
        "storage/locks.py",
        "    tx.conn.execute(select(table.c.id).where(table.c.id == id).with_for_update(key_share=True))",
        "    pass",
        AT_ONCE + "test_two_inquiries_of_one_client_at_once_start_one_clock",
        AT_ONCE + "test_an_inquiry_beside_the_end_of_a_clock_never_goes_without_one",
    ),
    guard(
        "a timer is one process's",
        "storage/timers.py",
        ".with_for_update(skip_locked=True)",
        "",
        AT_ONCE + "test_two_processes_fire_a_timer_once",
    ),
    guard(
        "one courier claims at a time",
        OUTBOX,
        "    locks.alone(tx.conn, locks.Turn.CLAIM)\n",
        "",
        AT_ONCE + "test_two_couriers_never_have_one_lane_in_hand",
    ),
    guard(
        "a courier ends only what is its own",
        OUTBOX,
        ", outbox.c.attempts == notice.attempts",
        "",
        AT_ONCE + "test_a_sender_whose_lease_ran_out_does_not_end_what_another_took",
    ),
    guard(
        "an entry is not corrected while it is moved",
        "storage/interactions.py",
        "    locks.subject(tx, id)\n",
        "",
        AT_ONCE + "test_an_entry_that_is_corrected_while_it_is_moved_leaves_no_version_behind",
    ),
)

SERVER = (*ON_THE_LOG, *RACES)
