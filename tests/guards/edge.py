"""Guards at the edge: whether it is Slack that speaks, and for whom."""

from tests.guards.table import Edit, guard

WEB, LISTENERS, INCOMING = "bot/slack/web.py", "bot/slack/listeners.py", "bot/slack/incoming.py"
DOORWAY, DIRECTORY = "bot/doorway.py", "bot/slack/directory.py"
SIGNED = "tests/slack/test_signatures.py::"
SHAPES = "tests/slack/test_shapes.py::"
WHO = "tests/slack/test_who.py::"
FOUND = "tests/slack/test_directory.py::"
MAY = "tests/handlers/test_who_may.py::"
ENTRIES = "tests/handlers/test_interactions.py::"
PORTS = "tests/bot/test_ports.py::"

UNSIGNED = ("        if not genuine(verifier, body, request):", "        if False:")
BOLT = ("        signing_secret=signing_secret,\n", "        request_verification_enabled=False,\n")
OURS = "    return team_id is not None and found == {team_id}"

SIGNATURES = (
    guard("Slack's signature: our look", WEB, *UNSIGNED, SIGNED + "test_what_is_not_signed_is_a_401_and_no_work"),
    guard("Slack's signature: Bolt's look", LISTENERS, *BOLT, SIGNED + "test_bolt_looks_at_the_signature_too"),
    guard(
        "Slack's signature: both looks",
        WEB,
        *UNSIGNED,
        SIGNED + "test_a_body_changed_after_signing_is_a_401",
        SIGNED + "test_a_signature_older_or_newer_than_five_minutes_is_a_401",
        "tests/journeys/test_late_reply.py::test_unsigned_stale_and_forged_requests_are_refused_without_work",
        also=(Edit(file=LISTENERS, find=BOLT[0], put=BOLT[1]),),
    ),
    guard(
        "nothing is answered before the signature (ssl_check)",
        LISTENERS,
        "ssl_check_enabled=False",
        "ssl_check_enabled=True",
        SIGNED + "test_bolt_looks_at_the_signature_too",
    ),
    guard(
        "what is signed and does not look like Slack's is nobody's request",
        LISTENERS,
        "        if not sound(req.body):",
        "        if False:",
        SHAPES + "test_a_form_of_another_shape_is_a_400_and_no_work",
        SHAPES + "test_a_click_on_nothing_is_a_400_and_no_work",
        SHAPES + "test_an_event_of_another_shape_is_a_400_and_no_work",
        SHAPES + "test_a_command_that_names_nobody_is_a_400_and_no_work",
    ),
    guard(
        "no banner, and nothing quoted, in the answer to what is no HTTP",
        "bot/web.py",
        "runner = Runner(app,",
        "runner = web.AppRunner(app,",
        "tests/fuzz/test_other_doors.py::test_an_answer_to_what_is_no_http_has_no_banner_and_quotes_nothing",
        "tests/fuzz/test_other_doors.py::test_what_is_nearly_http_is_answered_without_a_word_of_it",
    ),
    guard(
        "a body is at most a megabyte",
        "bot/web.py",
        "web.Application(client_max_size=LARGEST, ",
        "web.Application(client_max_size=1 << 30, ",
        PORTS + "test_a_body_larger_than_any_platform_sends_is_not_read",
    ),
)

PEOPLE = (
    guard(
        "workspace pin: every workspace a payload names",
        INCOMING,
        OURS,
        "    return True",
        WHO + "test_every_workspace_that_a_payload_names_must_be_the_pinned_one",
        WHO + "test_people_of_other_workspaces_never_reach_the_house",
    ),
    guard(
        "workspace pin: asked for every request",
        LISTENERS,
        "if team_id and ours(body, team_id) else None",
        "if team_id else None",
        WHO + "test_people_of_other_workspaces_never_reach_the_house",
        WHO + "test_a_strangers_form_is_not_taken",
    ),
    guard(
        "workspace pin: the token's own workspace",
        DIRECTORY,
        "        if self.team_id and self.team_id != team:",
        "        if False:",
        FOUND + "test_a_token_of_another_workspace_than_the_pinned_one_is_refused",
    ),
    guard(
        "workspace pin: kept since the first start",
        "handlers/people.py",
        'ok=pinned in {None, ask.typed("id")}',
        "ok=True",
        MAY + "test_the_first_workspace_is_kept_and_another_refused",
    ),
    guard(
        "bots and strangers are let in nowhere",
        "handlers/people.py",
        "    if not account.human or not account.ours:",
        "    if False:",
        MAY + "test_a_bot_and_a_stranger_are_let_in_nowhere_even_with_a_known_account",
    ),
    guard(
        "bots and strangers may not even report",
        DOORWAY,
        "    if account is None or not account.human or not account.ours:",
        "    if account is None:",
        "tests/handlers/test_breach.py::test_any_human_of_the_workspace_may_report_but_no_stranger_and_no_bot",
    ),
    guard(
        "the directory's bots and strangers are not linked",
        "handlers/people.py",
        'if person is None or row.get("human") == "no" or row.get("ours") == "no":',
        "if person is None:",
        MAY + "test_the_directorys_bots_and_strangers_are_never_linked",
    ),
    guard(
        "the directory marks bots",
        DIRECTORY,
        '_yes(not user.get("is_bot") and user["id"] != _SLACKBOT)',
        "_yes(True)",
        FOUND + "test_bots_slackbot_strangers_and_people_who_left_are_marked",
    ),
    guard(
        "the directory marks strangers",
        DIRECTORY,
        '"ours": _yes(ours)',
        '"ours": _yes(True)',
        FOUND + "test_a_stranger_is_known_by_the_mark_or_by_the_workspace",
    ),
    guard(
        "guests need an end date in the people file",
        "handlers/people.py",
        '    if known.guest and not (person.kind in {"contractor", "third_party"} and person.ends_on):',
        "    if False:",
        MAY + "test_a_guest_needs_an_end_date_in_the_people_file",
    ),
    guard(
        "nobody after the last day or with a closed account",
        "handlers/people.py",
        "    if person is None or not known.active or not person.active(tx.now):",
        "    if person is None:",
        MAY + "test_nobody_comes_in_after_the_last_day_or_with_a_deactivated_account",
    ),
    guard(
        "the last day ends where the firm is",
        "storage/people.py",
        "now.astimezone(self.zone).date()",
        "now.date()",
        "tests/handlers/test_last_day.py::test_the_last_day_ends_at_the_firms_midnight",
        "tests/handlers/test_last_day.py::test_holders_of_a_role_are_asked_by_the_firms_date_too",
    ),
    guard(
        "the last day ends where the firm is: the list of people",
        "storage/people.py",
        "tx.today.isoformat()",
        "tx.now.date().isoformat()",
        "tests/handlers/test_last_day.py::test_the_last_day_ends_at_the_firms_midnight",
    ),
    guard(
        "the last day ends where the firm is: the running service",
        "bot/opening.py",
        ", zone=policy.zone, mail=policy.mail)",
        ", mail=policy.mail)",
        "tests/bot/test_policy_at_start.py::test_the_service_counts_days_in_the_firms_zone",
    ),
    guard(
        "roles are asked at the entry",
        DOORWAY,
        "        if entry.roles and not entry.roles & person.roles:",
        "        if False:",
        "tests/handlers/test_barriers.py::test_only_guardians_see_set_and_lift_barriers",
    ),
    guard(
        "the command line's entries are its own",
        DOORWAY,
        "            if not request.operator:",
        "            if False:",
        MAY + "test_what_belongs_to_the_command_line_is_not_done_for_a_chat_account",
    ),
)

EDGE = (*SIGNATURES, *PEOPLE)
