"""Guards of the other doors: the command line's socket, the sandbox, and the addresses that settings may name."""

from tests.guards.table import guard

SOCKET, ENVIRONMENT, FIRM = "bot/desk_socket.py", "bot/environment.py", "bot/sandbox/firm.py"
DESK = "tests/bot/test_desk.py::"
CALLERS = "tests/bot/test_desk_callers.py::"
CONFIG = "tests/bot/test_config.py::"
FENCE = "tests/sandbox/test_fence.py::"

DOORS = (
    guard(
        "nobody at the socket passes for the service itself",
        SOCKET,
        ' or told["name"] in _ITS_OWN',
        "",
        "tests/bot/test_desk_nonsense.py::test_nobody_passes_for_the_service_itself",
    ),
    guard(
        "the socket is its owner's",
        SOCKET,
        "    before = os.umask(0o177)",
        "    before = os.umask(0o022)",
        DESK + "test_the_socket_is_the_owners_alone_and_gone_afterwards",
    ),
    guard(
        "the socket answers its own user and root",
        SOCKET,
        "        if caller and caller.uid not in (0, os.getuid()):",
        "        if False:",
        CALLERS + "test_another_user_is_not_answered",
    ),
    guard(
        "the system says who the operator is",
        SOCKET,
        '            request = replace(request, operator=os_user.speaker("cli", uid=caller.uid, pid=caller.pid))',
        "            pass",
        DESK + "test_the_system_says_who_asks_and_only_requests_of_the_command_line_come_in",
    ),
    guard(
        "the environment does not say who the operator is",
        "bot/os_user.py",
        "name(os.getuid() if uid is None else uid)",
        'os.environ.get("SUDO_USER") or name(os.getuid() if uid is None else uid)',
        "tests/bot/test_os_user.py::test_the_environment_is_not_believed",
        "tests/bot/test_who_is_on_record.py::test_every_entry_of_a_firms_setting_up_names_who_did_it",
    ),
    guard(
        "a migration is on record",
        "storage/migrate.py",
        "            if who and now:",
        "            if False:",
        "tests/bot/test_policy_at_start.py::test_a_migration_at_a_start_is_on_record_with_who_started_it",
    ),
    guard(
        "nothing is served under a policy that is not on record",
        "bot/service.py",
        "        if not isinstance(kept, Data) or not kept.ok:",
        "        if False:",
        "tests/bot/test_policy_at_start.py::test_nothing_is_served_under_a_policy_that_cannot_be_put_on_record",
    ),
    guard(
        "each changed start is told for itself",
        "handlers/policy_change.py",
        'key=f"policy:{id}"',
        "key=f\"policy:{change['hash']}\"",
        "tests/handlers/test_policy_change.py::test_there_and_back_again_is_told_each_time",
    ),
    guard(
        "senior management is told of a changed policy too",
        "handlers/policy_change.py",
        'TOLD = ("dpo", "senior_management")',
        'TOLD = ("dpo",)',
        "tests/handlers/test_policy_change.py::"
        "test_a_changed_file_is_told_to_the_dpo_and_to_senior_management_with_its_paths",
    ),
    guard(
        "no core files",
        "bot/__main__.py",
        "    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))",
        "    pass",
        "tests/bot/test_no_core_file.py::test_a_crash_leaves_no_memory_on_the_disk",
    ),
    guard(
        "an older copy of the record is not signed",
        "bot/checkpoints.py",
        "        if self.problem or head.size == self._last:",
        "        if head.size == self._last:",
        "tests/bot/test_rolled_back.py::test_a_record_from_before_its_last_checkpoint_is_an_alarm_and_is_not_signed",
    ),
    guard(
        "nobody passes for a person in chat",
        SOCKET,
        'return Request(kind=Kind.DESK, name=told["name"]',
        'return Request(kind=Kind(told.get("kind", "desk")), name=told["name"]',
        DESK + "test_the_system_says_who_asks_and_only_requests_of_the_command_line_come_in",
    ),
    guard(
        "no sandbox beside real secrets",
        FIRM,
        "    if found:\n        raise ProductionSecrets",
        "    if False:\n        raise ProductionSecrets",
        FENCE + "test_the_sandbox_does_not_start_beside_a_real_secret_and_does_not_show_it",
    ),
    guard(
        "the sandbox is on this machine alone",
        "bot/sandbox/server.py",
        'HOST = "127.0.0.1"',
        'HOST = "127.0.0.2"',
        FENCE + "test_the_sandbox_is_on_this_machine_alone",
    ),
    guard(
        "tokens travel by https or on this machine",
        ENVIRONMENT,
        '    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))',
        "    return True",
        CONFIG + "test_each_fault_of_a_secret_is_reported_with_its_variable",
    ),
    guard(
        "a database elsewhere is reached by verified TLS",
        ENVIRONMENT,
        '    if near or asked.get("sslmode") in (["verify-full"], ["verify-ca"]):',
        "    if True:",
        CONFIG + "test_only_a_file_or_a_server_that_is_near_or_verified_is_taken_as_database",
    ),
)
