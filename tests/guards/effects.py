"""Guards of what happens once, what goes out, and what a phone, a log and a fault may say."""

from tests.guards.table import guard

DOORWAY, COURIER = "bot/doorway.py", "bot/courier.py"
ONCE = "tests/handlers/test_once_and_on_record.py::"
ENTRIES = "tests/handlers/test_interactions.py::"
PROMISES = "tests/bot/test_courier_promises.py::"
PORTS = "tests/bot/test_ports.py::"
LOGS = "tests/bot/test_quiet_logs.py::"

EFFECTS = (
    guard(
        "a delivery has one effect",
        DOORWAY,
        '([f"delivery:{request.key}"] if request.key else [])',
        "[]",
        ONCE + "test_one_delivery_has_one_effect_however_often_it_comes",
    ),
    guard(
        "a form that is painted anew stays the same form",
        DOORWAY,
        'same = request.form_id if request.kind is Kind.OPEN else ""',
        'same = ""',
        ONCE + "test_a_form_that_is_painted_anew_behind_its_submission_is_not_saved_again",
    ),
    guard(
        "a form that was sent in is not painted anew",
        DOORWAY,
        "        return Done() if used_up else self._call(tx, entry, request)",
        "        return self._call(tx, entry, request)",
        ONCE + "test_a_form_that_is_painted_anew_behind_its_submission_is_not_saved_again",
    ),
    guard(
        "a late paint leaves alone what stands there now",
        "bot/slack/answers.py",
        " or self._newest.get(id) != at or not _is_recent(at):",
        " or self._newest.get(id) != at:",
        "tests/slack/test_submitting.py::test_a_choice_of_long_ago_does_not_paint_over_what_stands_there_now",
    ),
    guard(
        "a late paint does not cover what came of the form",
        "bot/slack/answers.py",
        "        again = await self.ask(request, place.user)\n",
        "        again = form\n",
        "tests/slack/test_submitting.py::test_a_choice_whose_answer_comes_late_does_not_cover_what_came_of_the_form",
    ),
    guard(
        "a form is used up by its submission",
        DOORWAY,
        "    form = [_form(request)] if request.kind is Kind.SUBMIT and request.form_id else []",
        "    form: list[str] = []",
        ENTRIES + "test_a_second_click_on_the_same_form_has_one_effect_and_the_same_answer",
    ),
    guard(
        "what was seen is written down",
        DOORWAY,
        '        inbox.consume(tx, keys, reply.reference if isinstance(reply, Say) else "")\n',
        "",
        ENTRIES + "test_a_second_click_on_the_same_form_has_one_effect_and_the_same_answer",
        ONCE + "test_one_delivery_has_one_effect_however_often_it_comes",
    ),
    guard(
        "a refused form leaves nothing and is not used up",
        DOORWAY,
        "            raise _TakeBack(reply)",
        "            return reply",
        ONCE + "test_a_refused_form_leaves_nothing_and_can_be_sent_again",
    ),
    guard(
        "a due timer is taken by one",
        DOORWAY,
        "        if timers.take(tx, timer.id):",
        "        if True:",
        ONCE + "test_a_due_timer_is_done_once_though_two_beats_saw_it",
    ),
    guard(
        "a refusal is on record",
        DOORWAY,
        "                await self._record_refusal(entry, request, refused.why, refused.subject)",
        "                pass",
        ONCE + "test_a_refusal_elsewhere_says_who_asked_for_what",
    ),
    guard(
        "a refused breach report names nobody",
        DOORWAY,
        "        named = entry.who is not Who.HUMAN",
        "        named = True",
        ONCE + "test_a_refusal_at_the_breach_report_names_nobody",
    ),
    guard(
        "a fault goes out as a reference",
        DOORWAY,
        "        reference = secrets.token_hex(4)\n        telemetry.fault(entry.kind, entry.name, error,",
        "        return Say(text=str(error))\n"
        '        reference = ""\n        telemetry.fault(entry.kind, entry.name, error,',
        ONCE + "test_a_fault_is_said_by_reference_and_without_the_databases_words",
    ),
    guard(
        "a fault over HTTP says nothing",
        "bot/web.py",
        'web.json_response({"error": "something went wrong; nothing was done"}, status=500)',
        'web.json_response({"error": str(error)}, status=500)',
        PORTS + "test_a_fault_over_http_says_nothing_but_that_there_was_one",
    ),
)

OUTWARD = (
    guard(
        "the admin port is on 127.0.0.1",
        "bot/service.py",
        'serve(admin(self.late), "127.0.0.1", ',
        "serve(admin(self.late), self.settings.host, ",
        PORTS + "test_the_admin_port_stays_on_this_machine_wherever_the_public_one_listens",
    ),
    guard(
        "a line that breaks while cards are painted is nobody's bug",
        "bot/parcels.py",
        "        if of_the_database(error):\n            raise\n",
        "",
        "tests/bot/test_courier_bugs.py::"
        "test_a_line_that_breaks_while_a_bundle_is_painted_is_nobodys_bug_and_the_work_begins_anew",
    ),
    guard(
        "a library's words and tracebacks stay out of the log",
        "bot/telemetry.py",
        "    logging.getLogger().addHandler(_LIBRARIES)\n",
        "",
        LOGS + "test_of_what_a_library_says_only_whose_it_is_and_the_type_stay",
    ),
    guard(
        "a log line holds listed keys only",
        "bot/telemetry.py",
        "    return {key: value for key, value in line.items() if key in SAID}",
        "    return line",
        LOGS + "test_a_log_line_holds_nothing_but_the_listed_keys",
    ),
    guard(
        "a fault's message stays out of the log",
        "bot/telemetry.py",
        "        error=type(error).__name__,\n",
        "        error=str(error),\n",
        LOGS + "test_a_fault_is_its_type_and_the_places_it_passed_never_its_message",
    ),
    guard(
        "the SDKs' loggers are shut",
        "bot/slack/wire.py",
        "        logger.addFilter(nothing)",
        "        pass",
        "tests/slack/test_quiet.py::test_a_hushed_logger_stays_shut_whatever_level_is_set",
    ),
    guard(
        "what people typed is escaped",
        "bot/slack/text.py",
        'return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")',
        "return text",
        "tests/slack/test_blocks.py::test_bold_escapes_slacks_three_control_characters_and_parses_no_names",
    ),
)

ONCE_AND_OUTWARD = (*EFFECTS, *OUTWARD)
