"""Guards of the record: the audit log, what its connections can do, and the outbox."""

from tests.guards.table import Edit, guard

STORE, OUTBOX, VERIFY = "storage/store.py", "storage/outbox.py", "storage/verify.py"
FILE, REFUSALS = "storage/sqlite_file.py", "storage/guards.py"
STORED = "tests/storage/test_store.py::"
ENGINES = "tests/storage/test_engines.py::"
CHAIN = "tests/storage/test_audit_log.py::"
PROMISES = "tests/bot/test_courier_promises.py::"
LANE = STORED + "test_a_notice_of_one_key_exists_once_and_a_lane_sends_one_at_a_time"
THOROUGH = CHAIN + "test_a_thorough_attacker_who_repairs_links_and_head_is_caught_by_the_checkpoint"
REFUSES = CHAIN + "test_the_table_refuses_changes_to_the_service_itself"
PROMISED = ENGINES + "test_the_writer_keeps_its_promises"

POWER = "tests/journeys/test_power_loss.py::"
NO_LOSS = POWER + "test_nothing_acknowledged_is_lost_when_the_power_goes"
HALF = "tests/bot/test_half_a_checkpoint.py::"

AUDITED = (
    *(
        guard(
            f"the audit log refuses {what.upper()}",
            REFUSALS,
            f'    "audit_log_no_{what}": "BEFORE {what.upper()} ON audit_log",\n',
            "",
            REFUSES,
        )
        for what in ("update", "delete")
    ),
    guard(
        "the audit log refuses INSERT OR REPLACE",
        FILE,
        '        "recursive_triggers=ON",\n',
        "",
        REFUSES,
        PROMISED,
    ),
    guard(
        "the guards are raised at every start",
        "storage/migrate.py",
        "        guards.raise_guards(conn)",
        "        pass",
        CHAIN + "test_missing_guards_are_noticed_and_raised_again",
    ),
    guard(
        "an entry and its cause are one transaction",
        STORE,
        "            audit.settle(tx)\n            self._commit(conn)",
        "            self._commit(conn)\n            audit.settle(tx)\n            self._commit(conn)",
        ENGINES + "test_what_cannot_be_put_on_record_does_not_happen",
    ),
    guard(
        "every link is checked",
        VERIFY,
        "                if link != stored:",
        "                if False:",
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
    guard("a reader only asks: query_only", FILE, *READ_ONLY, ENGINES + "test_a_reader_says_that_it_only_asks"),
    guard(
        "a reader only asks: the file's mode",
        FILE,
        *MODE,
        ENGINES + "test_a_reader_cannot_write_even_when_it_forgets_that_it_only_asks",
    ),
    guard(
        "a reader only asks: both",
        FILE,
        *READ_ONLY,
        STORED + "test_a_question_cannot_write",
        also=(Edit(file=FILE, find=MODE[0], put=MODE[1]),),
    ),
    guard(
        "the file is its owner's",
        FILE,
        "    path.chmod(0o600)",
        "    pass",
        ENGINES + "test_a_file_that_others_could_read_is_made_private",
    ),
    guard(
        "the file is its owner's from the first moment",
        FILE,
        "    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))\n    path.chmod(0o600)",
        "    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o644))",
        STORED + "test_only_its_owner_can_read_the_file",
    ),
    guard(
        "one process writes",
        FILE,
        "        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)",
        "        pass",
        STORED + "test_a_second_process_may_not_write",
        "tests/bot/test_opening.py::test_a_record_in_use_is_not_opened_and_not_migrated",
    ),
    *(
        guard(f"the writer: {pragma}", FILE, f'        "{pragma}",\n', "", PROMISED)
        for pragma in ("journal_mode=WAL", "foreign_keys=ON")
    ),
    guard(
        "the writer: secure_delete=ON", FILE, '"secure_delete=ON"', '"secure_delete=OFF"', PROMISED
    ),  # may be built in
    guard("the writer: synchronous=FULL", FILE, '"synchronous=FULL"', '"synchronous=NORMAL"', PROMISED, NO_LOSS),
    guard(
        "no parameters in an error: the writer",
        FILE,
        "        url,\n        hide_parameters=True,\n",
        "        url,\n",
        STORED + "test_parameters_never_appear_in_an_error",
        ENGINES + "test_no_door_shows_parameters_in_an_error",
    ),
    guard(
        "no parameters in an error: the readers",
        FILE,
        'create_engine("sqlite://", hide_parameters=True, ',
        'create_engine("sqlite://", ',
        ENGINES + "test_no_door_shows_parameters_in_an_error",
    ),
    guard(
        "no parameters in an error: migrations",
        FILE,
        "create_engine(url, hide_parameters=True, poolclass=NullPool)",
        "create_engine(url, poolclass=NullPool)",
        ENGINES + "test_a_migrations_error_shows_no_parameters",
    ),
)

LEASES = (
    guard("a lane sends one at a time", OUTBOX, "outbox.c.recipient_id.not_in(busy(tx)), ", "", LANE),
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

OUTAGES = (
    guard(
        "half a checkpoint is cut off before the next one is written",
        "bot/checkpoints.py",
        "        mend(self._path)\n",
        "",
        NO_LOSS,
    ),
    guard(
        "only an end that is no checkpoint is cut off",
        "storage/checkpoint.py",
        "    return len(content) if _NOTE.search(content, end) else end",
        "    return end",
        HALF + "test_whatever_no_lost_power_explains_stays_for_the_audit_to_see",
    ),
    guard(
        "a checkpoint is synced before it counts",
        "bot/checkpoints.py",
        "        os.fsync(handle)\n        if not before:",
        "        if not before:",
        NO_LOSS,
    ),
    guard(
        "a new checkpoint file's name is synced too",
        "bot/checkpoints.py",
        "            _sync_folder(path.parent)\n",
        "            pass\n",
        NO_LOSS,
    ),
)

RECORD = (*AUDITED, *CONNECTIONS, *LEASES, *OUTAGES)
