"""Guards at Teams' door: is it Microsoft that speaks, for whom, and what is a chat told that keeps everything."""

from tests.guards.table import guard

GATE, WEB, LISTENERS = "bot/teams/gate.py", "bot/teams/web.py", "bot/teams/listeners.py"
DIALOGS, FORMS, CONNECTOR = "bot/teams/dialogs.py", "bot/teams/forms.py", "bot/teams/connector.py"
DOORS = "tests/teams/test_doors.py::"
SIGNED = "tests/teams/test_gate.py::"
TALK = "tests/teams/test_chatting.py::"
STEPS = "tests/teams/test_dialogs.py::"
OUT = "tests/teams/test_going_out.py::"
CARDS = "tests/teams/test_cards.py::"

LET_IN = (
    guard(
        "Teams: nothing is looked at before the token",
        WEB,
        "            await gate.admit(body, authorization)\n",
        "",
        DOORS + "test_what_is_not_signed_for_us_is_turned_away_without_work",
    ),
    guard(
        "Teams: no start without an app id",
        GATE,
        '        if not getattr(credentials, "app_id", ""):',
        "        if False:",
        SIGNED + "test_without_an_app_id_nothing_is_built",
    ),
    guard(
        "Teams: the tenant is pinned",
        GATE,
        "        if self._tenants(body) != {self._tenant_id.lower()}:",
        "        if False:",
        SIGNED + "test_somebody_elses_is_a_403",
        DOORS + "test_another_tenant_channel_or_address_is_turned_away",
    ),
    guard(
        "Teams: our token goes over TLS only",
        GATE,
        '        return there.scheme == "https" or (',
        '        return there.scheme in {"https", "http"} or (',
        DOORS + "test_another_tenant_channel_or_address_is_turned_away",
    ),
    guard(
        "Teams: every way in which a token fails is a refusal",
        GATE,
        "        except Exception as error:  # noqa: BLE001  the SDK",
        "        except PermissionError as error:  # noqa: BLE001  the SDK",
        SIGNED + "test_a_token_that_proves_nothing_is_a_401",
        DOORS + "test_what_is_not_signed_for_us_is_turned_away_without_work",
    ),
    guard(
        "Teams: a forger does not keep us asking for keys",
        "bot/teams/keys.py",
        " or time.monotonic() - self._asked < PAUSE:",
        ":",
        SIGNED + "test_a_new_key_is_learnt_and_a_forger_does_not_keep_us_asking",
    ),
    guard(
        "Teams: an invoke must have its shape",
        "bot/teams/shapes.py",
        "        return shape.model_validate(found.value)",
        "        return shape.model_construct(**(found.value or {}))",
        DOORS + "test_what_is_signed_and_has_no_shape_of_teams_is_refused",
    ),
    guard(
        "Teams: whoever is from elsewhere is a stranger",
        "bot/teams/directory.py",
        'ours=str(facts.get("tenantId") or "").lower() == self._tenant_id.lower())',
        "ours=True)",
        "tests/journeys/test_friday_breach.py::"
        "test_a_guest_who_is_listed_may_log_and_a_guest_who_is_not_may_only_report",
    ),
    guard(
        "Teams: whoever has no object id is a stranger",
        "bot/teams/incoming.py",
        '    human = bool(id) and found.who.role != "bot"',
        "    human = True",
        TALK + "test_whoever_has_no_object_id_is_a_stranger",
    ),
    guard(
        "Teams: a fault is a reference",
        LISTENERS,
        "        except Exception as error:  # noqa: BLE001  the last door",
        "        except KeyError as error:  # noqa: BLE001  the last door",
        DOORS + "test_a_bug_is_answered_with_a_reference_and_no_traceback",
    ),
)

SAID = (
    guard(
        "Teams: in a group nothing but let us talk in private",
        LISTENERS,
        "        if not found.personal:\n            await self._post(found, text=words.in_private())",
        "        if False:\n            await self._post(found, text=words.in_private())",
        TALK + "test_in_a_group_it_says_only_let_us_talk_in_private",
    ),
    guard(
        "Teams: a page is read in a dialog, not in the chat",
        LISTENERS,
        "            case Page() if entry and entry.plain:",
        "            case Page():",
        TALK + "test_a_command_whose_answer_is_a_page_is_read_in_a_dialog",
    ),
    guard(
        "Teams: the chat keeps what was typed, and that is said",
        "bot/teams/words.py",
        '    return cards.opening([keeps()] if more else [], [(_("Open the form"), name)])',
        '    return cards.opening([], [(_("Open the form"), name)])',
        TALK + "test_a_line_with_more_is_to_be_deleted_and_is_nowhere_repeated",
    ),
    guard(
        "Teams: a message that comes twice is answered once",
        LISTENERS,
        "        new = not found.id or key not in self._seen",
        "        new = True",
        TALK + "test_a_word_comes_once_when_the_connector_sends_twice",
    ),
    guard(
        "Teams: what people type starts no date function",
        "bot/teams/cards.py",
        '.replace("{{", "{\\u2060{")',
        "",
        CARDS + "test_what_people_typed_is_shown_letter_by_letter",
    ),
    guard(
        "Teams: in a dialog every button is a plain Submit",
        "bot/teams/cards.py",
        "    if where.dialog:\n        return submit(label, said, primary=primary)",
        "    if False:\n        return submit(label, said, primary=primary)",
        CARDS + "test_in_a_dialog_every_button_is_a_plain_submit_and_knows_the_page_it_stands_on",
    ),
)

KEPT_THROUGH = (
    guard(
        "Teams: a form keeps its id from its first step to its end",
        FORMS,
        '            "form_id": found.steps.form_id or form.form_id,',
        '            "form_id": form.form_id,',
        STEPS + "test_going_on_from_an_older_step_saves_nothing_twice",
    ),
    guard(
        "Teams: what stands on other steps travels along",
        FORMS,
        '            "typed": {k: v for k, v in found.typed.items() if v and k not in shown},',
        '            "typed": {},',
        STEPS + "test_back_shows_what_was_typed_and_what_comes_after_is_asked_again",
    ),
    guard(
        "Teams: nothing is sent in before all of it was asked",
        DIALOGS,
        "    if following:\n        return _step(found, following)\n",
        "",
        STEPS + "test_an_unlisted_client_and_another_channel_are_asked_for_on_the_next_step",
    ),
    guard(
        "Teams: a choice that changes the form is looked at before it is sent in",
        DIALOGS,
        '    return all(typed.get(id, "") == text for id, text in steps.pins.items())',
        "    return True",
        STEPS + "test_only_what_is_whole_and_unchanged_is_sent_in_unasked",
    ),
    guard(
        "Teams: what could not be gone on from keeps what was typed",
        FORMS,
        'steps": said.steps.model_copy(update={"typed": dict(typed)})',
        'steps": said.steps',
        STEPS + "test_a_step_that_could_not_be_gone_on_from_is_tried_again_with_what_was_typed",
    ),
    guard(
        "Teams: what must be filled in is asked for before the next step",
        DIALOGS,
        "    if wrong:\n",
        "    if False:\n",
        STEPS + "test_what_must_be_filled_in_is_said_beside_its_field_before_the_next_step",
    ),
    guard(
        "Teams: at most seven inputs at once",
        FORMS,
        "MOST = 7  # inputs at once",
        "MOST = 70  # inputs at once",
        "tests/teams/test_forms.py::test_seven_inputs_at_most_stand_on_a_step",
    ),
    guard(
        "Teams: a token that is not taken any more is asked for anew",
        CONNECTOR,
        "                    self._credentials.not_taken()\n",
        "                    pass\n",
        OUT + "test_a_token_that_is_not_taken_any_more_is_renewed_for_the_next_call",
    ),
    guard(
        "Teams: whoever removed the app is told of",
        CONNECTOR,
        "    if status == 403 or (",
        "    if (",
        OUT + "test_each_answer_of_the_connector_has_its_meaning",
        TALK + "test_the_administrator_hears_who_removed_the_app",
    ),
    guard(
        "Teams: a message extension says nothing of where somebody's own chat is",
        "bot/teams/shapes.py",
        'self.conversation.kind == "personal" and not self.name.startswith("composeExtension/")',
        'self.conversation.kind == "personal"',
        TALK + "test_a_form_from_a_colleagues_chat_moves_nobodys_own",
    ),
    guard(
        "Teams: what is left out of a form is empty, not unasked",
        FORMS,
        '            "inputs": [id for f in form.fields for id in raw_of(f, None, found.zone)],',
        '            "inputs": [],',
        "tests/journeys/test_late_reply.py::test_what_answers_no_inquiry_stops_no_clock",
    ),
    guard(
        "Teams: a fault before the house is asked keeps the form",
        DIALOGS,
        "    if data is None or not data.said.on_a_form:",
        "    if True:",
        DOORS + "test_a_fault_before_the_house_is_asked_keeps_what_was_typed",
    ),
    guard(
        "Teams: the address of the chat is followed",
        "bot/teams/directory.py",
        " and there in (known.there, None)):",
        "):",
        TALK + "test_the_address_is_followed_when_the_service_moves",
    ),
    guard(
        "the app's secret: a warning goes by mail too",
        "storage/mails.py",
        ", notices.c.kind.not_in(both))",
        ")",
        "tests/bot/test_second_road.py::test_what_goes_by_letter_too_does_though_chat_has_brought_it_home",
    ),
)
TEAMS = (*LET_IN, *SAID, *KEPT_THROUGH)
