"""Guards of the record: the audit log, what its connections can do, and the outbox."""

from tests.guards.table import Edit, guard

STORE, AUDIT, OUTBOX, VERIFY = "storage/store.py", "storage/audit.py", "storage/outbox.py", "storage/verify.py"
STORED = "tests/storage/test_store.py::"
ENGINES = "tests/storage/test_engines.py::"
CHAIN = "tests/storage/test_audit_log.py::"
PROMISES = "tests/bot/test_courier_promises.py::"
LANE = STORED + "test_a_notice_of_one_key_exists_once_and_a_lane_sends_one_at_a_time"
THOROUGH = CHAIN + "test_a_thorough_attacker_who_repairs_links_and_head_is_caught_by_the_checkpoint"
REFUSES = CHAIN + "test_the_table_refuses_changes_to_the_service_itself"
PROMISED = ENGINES + "test_the_writer_keeps_its_promises"

AUDITED = (
    *(
        guard(
            f"the audit log refuses {what.upper()}",
            AUDIT,
            f'    "audit_log_no_{what}": "BEFORE {what.upper()} ON audit_log",\n',
            "",
            REFUSES,
        )
        for what in ("update", "delete")
    ),
    guard(
        "the audit log refuses INSERT OR REPLACE",
        STORE,
        '        "recursive_triggers=ON",\n',
        "",
        REFUSES,
        PROMISED,
    ),
    guard(
        "the guards are raised at every start",
        "storage/migrate.py",
        "        audit.raise_guards(conn)",
        "        pass",
        CHAIN + "test_missing_guards_are_noticed_and_raised_again",
    ),
    guard(
        "an entry and its cause are one transaction",
        STORE,
        "                result = work(tx)\n                audit.settle(tx)",
        "                result = work(tx)\n            with self._writer.begin() as tx.conn:\n"
        "                audit.settle(tx)",
        ENGINES + "test_what_cannot_be_put_on_record_does_not_happen",
    ),
    guard(
        "every link is checked",
        VERIFY,
        "        if self.link != row.link:",
        "        if False:",
        CHAIN + "test_an_attack_on_the_table_is_caught_at_its_position",
    ),
    guard(
        "every checkpoint's root is checked",
        VERIFY,
        "        if tree.root(self.frontier) != signed:",
        "        if False:",
        THOROUGH,
        CHAIN + "test_a_rewritten_log_is_caught_from_its_first_entry",
    ),
    guard("a log cut short is seen", VERIFY, "        if newest > size:", "        if False:", THOROUGH),
)

READ_ONLY = ('    connection.execute("PRAGMA query_only=ON")', "    pass")
MODE = ("?mode=ro", "?mode=rw")
CONNECTIONS = (
    guard("a reader only asks: query_only", STORE, *READ_ONLY, ENGINES + "test_a_reader_says_that_it_only_asks"),
    guard(
        "a reader only asks: the file's mode",
        STORE,
        *MODE,
        ENGINES + "test_a_reader_cannot_write_even_when_it_forgets_that_it_only_asks",
    ),
    guard(
        "a reader only asks: both",
        STORE,
        *READ_ONLY,
        STORED + "test_a_question_cannot_write",
        also=(Edit(file=STORE, find=MODE[0], put=MODE[1]),),
    ),
    guard(
        "the file is its owner's",
        STORE,
        "    path.chmod(0o600)",
        "    pass",
        ENGINES + "test_a_file_that_others_could_read_is_made_private",
    ),
    guard(
        "the file is its owner's from the first moment",
        STORE,
        "    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))\n    path.chmod(0o600)",
        "    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o644))",
        STORED + "test_only_its_owner_can_read_the_file",
    ),
    guard(
        "one process writes",
        STORE,
        "        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)",
        "        pass",
        STORED + "test_a_second_process_may_not_write",
        "tests/bot/test_opening.py::test_a_record_in_use_is_not_opened_and_not_migrated",
    ),
    *(
        guard(f"the writer: {pragma}", STORE, f'        "{pragma}",\n', "", PROMISED)
        for pragma in ("journal_mode=WAL", "foreign_keys=ON")
    ),
    guard(
        "the writer: secure_delete=ON", STORE, '"secure_delete=ON"', '"secure_delete=OFF"', PROMISED
    ),  # may be built in
    guard("the writer: synchronous=FULL", STORE, '"synchronous=FULL"', '"synchronous=NORMAL"', PROMISED),
    guard(
        "no parameters in an error: the writer",
        STORE,
        "        url,\n        hide_parameters=True,\n",
        "        url,\n",
        STORED + "test_parameters_never_appear_in_an_error",
        ENGINES + "test_no_door_shows_parameters_in_an_error",
    ),
    guard(
        "no parameters in an error: the readers",
        STORE,
        'create_engine("sqlite://", hide_parameters=True, ',
        'create_engine("sqlite://", ',
        ENGINES + "test_no_door_shows_parameters_in_an_error",
    ),
    guard(
        "no parameters in an error: migrations",
        STORE,
        "create_engine(url, hide_parameters=True, poolclass=NullPool)",
        "create_engine(url, poolclass=NullPool)",
        ENGINES + "test_a_migrations_error_shows_no_parameters",
    ),
)

LEASES = (
    guard("a lane sends one at a time", OUTBOX, "outbox.c.recipient_id.not_in(busy), ", "", LANE),
    guard(
        "a notice exists once",
        STORE,
        "add.values(row).on_conflict_do_nothing(index_elements=[unique])",
        "add.values(row)",
        LANE,
    ),
    guard(
        "a lease holds",
        OUTBOX,
        "lease_until=tx.now + LEASE",
        "lease_until=tx.now - LEASE",
        PROMISES + "test_what_one_courier_took_no_other_takes_until_its_lease_is_over",
    ),
    guard(
        "a lease ends",
        OUTBOX,
        "        and_(outbox.c.state == State.EXECUTING, outbox.c.lease_until < tx.now),\n",
        "",
        PROMISES + "test_what_one_courier_took_no_other_takes_until_its_lease_is_over",
    ),
)

RECORD = (*AUDITED, *CONNECTIONS, *LEASES)
