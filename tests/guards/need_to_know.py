"""Guards of need-to-know: barriers, emergency access, who decides about a file, what ends."""

from tests.guards.table import guard

ACCESS, STANDING, SCREEN = "handlers/access.py", "storage/access.py", "handlers/screening.py"
BARRIER, EMERGENCY, ASKING = (f"handlers/need_to_know/{name}.py" for name in ("barriers", "emergency", "asking"))
DECIDING, GRANTS = "handlers/need_to_know/deciding.py", "handlers/need_to_know/grants.py"
WALLS = "tests/handlers/test_barriers.py::"
URGENT = "tests/handlers/test_emergency.py::"
ASKED = "tests/handlers/test_access_requests.py::"
SAME = "tests/handlers/test_same_answers.py::"
TABLE = "tests/handlers/test_authorisation.py::test_everybody_may_do_what_the_table_says_and_nothing_else"

NEED_TO_KNOW = (
    guard(
        "a barrier beats every right",
        ACCESS,
        "    if found is None or found.barred:",
        "    if found is None:",
        WALLS + "test_the_way_in_itself_is_closed_whatever_is_on_record",
    ),
    guard(
        "what is behind a barrier is in no list",
        STANDING,
        "_files_of = _files.where(clients.c.id.in_(_mine), ~_barred)",
        "_files_of = _files.where(clients.c.id.in_(_mine))",
        WALLS + "test_nothing_of_the_client_is_left_in_any_list",
    ),
    guard(
        "nobody behind a barrier is shown as one who may open",
        STANDING,
        "    found = _against(client_id, barriers, suspensions)",
        "    found = _against(client_id, suspensions)",
        WALLS + "test_an_import_may_name_a_screened_person_and_opens_nothing",
    ),
    guard(
        "an id behind a barrier is nobody's",
        SCREEN,
        "    return subject if there and not screened(tx, person, subject) else",
        "    return subject if there else",
        SAME + "test_every_id_and_number_of_a_screened_client_is_answered_like_one_that_nobody_has",
    ),
    guard(
        "a number behind a barrier is nobody's",
        SCREEN,
        "    return None if found is None or access.barred(tx, found.id, person.id) else found",
        "    return found",
        SAME + "test_every_id_and_number_of_a_screened_client_is_answered_like_one_that_nobody_has",
    ),
    guard(
        "no card about it for whoever is behind a barrier",
        "bot/parcels.py",
        "    if screened(tx, person, notice.subject):",
        "    if False:",
        SAME + "test_no_notice_about_it_has_a_card_for_her",
    ),
    guard(
        "nobody behind a barrier reads in another's stead",
        "handlers/standins.py",
        "if one and one.id not in kept_from and _may_know(tx, client_id, one)]",
        "if one and one.id not in kept_from]",
        WALLS + "test_a_screened_deputy_reads_nothing_in_anothers_stead",
    ),
    guard(
        "a ladder passes a screened holder by",
        "handlers/escalations.py",
        "        screened=client_id is not None and access.barred(tx, client_id, person.id),",
        "        screened=False,",
        WALLS + "test_a_ladder_passes_a_screened_holder_by_and_says_not_available",
    ),
    guard(
        "one's own entries behind a barrier are not listed at home",
        "handlers/home.py",
        "        if entry.client_id in behind:",
        "        if False:",
        WALLS + "test_nothing_of_the_client_is_left_in_any_list",
    ),
    guard(
        "open replies move before a barrier stands",
        BARRIER,
        "        owners.move_duties(tx, client.id, person.id, owner, who=ask.person.id)",
        "        pass",
        WALLS + "test_open_replies_move_to_the_owner_and_cards_say_that_nothing_is_to_do",
    ),
    guard(
        "a guardian behind a barrier does not see it",
        BARRIER,
        "    return [barrier for barrier in barriers.standing_now(tx) if barrier.client_id not in behind]",
        "    return barriers.standing_now(tx)",
        WALLS + "test_a_guardian_behind_a_barrier_does_not_see_it_and_sets_none_for_himself",
    ),
    guard(
        "barriers are the guardians'",
        BARRIER,
        '@submits("barrier.set", roles="guardian")',
        '@submits("barrier.set")',
        TABLE,
    ),
    guard(
        "the reasons of barriers are for guardians",
        ACCESS,
        '    if "guardian" not in person.roles:',
        "    if False:",
        "tests/handlers/test_no_way_around.py::test_each_door_refuses_whoever_has_no_right",
    ),
    guard(
        "emergency access only reads",
        ACCESS,
        "        return self.by not in {EMERGENCY, CASE}",
        "        return True",
        URGENT + "test_it_writes_nothing",
    ),
    guard(
        "whoever used emergency access does not review it",
        EMERGENCY,
        "    if client is None or person.id == found.person_id or access.barred(tx, found.client_id, person.id):",
        "    if client is None:",
        "tests/handlers/test_emergency.py::test_a_dpo_who_used_it_does_not_review_it",
    ),
    guard(
        "an emergency access that nobody reviews climbs",
        EMERGENCY,
        "    timers.start(tx, REVIEW, begun.id, add(WITHIN, tx.now, ask.policy.calendar(None), ask.policy.zone))",
        "    pass",
        URGENT + "test_somebody_else_reviews_it_and_it_climbs_until_somebody_does",
    ),
    guard(
        "only the owner decides about a file",
        DECIDING,
        "    if client is None or not may_decide(tx, person, client, alone=alone):",
        "    if client is None:",
        ASKED + "test_nobody_but_the_owner_gives_and_the_answer_is_the_same_where_there_is_no_file",
    ),
    guard(
        "only the owner answers a request",
        ASKING,
        "    if request is None or client is None or not may_decide(tx, ask.person, client):",
        "    if request is None or client is None:",
        ASKED + "test_only_the_owner_answers",
    ),
    guard(
        "a request is answered once",
        ASKING,
        '    if request.state != "open":\n        raise Refused(',
        "    if False:\n        raise Refused(",
        ASKED + "test_a_request_that_is_refused_opens_nothing_and_is_told",
    ),
    guard(
        "a request that nobody answers lapses",
        ASKING,
        "    timers.start(tx, LAPSE, request.id, by)",
        "    pass",
        ASKED + "test_silence_opens_nothing_and_ends_in_three_business_days",
    ),
    guard(
        "no file opens before the undertaking",
        ACCESS,
        "    if purpose != LOG and undertakings.due(tx, found.person.id):",
        "    if False:",
        "tests/handlers/test_undertakings.py::test_then_no_file_opens_before_it_is_acknowledged_and_logging_goes_on",
    ),
    guard(
        "an undertaking is to the text that was shown",
        "handlers/need_to_know/undertaking.py",
        '    if text is None or ask.chosen("yes") != (text.hash[:16],):',
        "    if text is None:",
        "tests/handlers/test_undertakings.py::"
        "test_a_box_that_is_not_ticked_and_a_text_that_has_changed_are_no_undertaking",
    ),
    guard(
        "access that rests reads nothing",
        ACCESS,
        "    if purpose != LOG and not found.reads:",
        "    if False:",
        "tests/handlers/test_access_reviews.py::test_while_it_rests_entries_and_replies_go_on_and_nothing_is_read",
    ),
    guard(
        "nobody answers a review for oneself",
        "handlers/need_to_know/reviewing.py",
        "    if person_id == ask.person.id:",
        "    if False:",
        "tests/handlers/test_access_reviews.py::test_a_deputy_of_the_team_says_nothing_about_oneself",
    ),
    guard(
        "silence goes up before access rests",
        "handlers/need_to_know/reviews.py",
        "    for person in _asked(tx, client, stage):",
        "    for person in []:",
        "tests/handlers/test_access_reviews.py::"
        "test_silence_is_reminded_twice_goes_to_the_supervisor_then_the_dpo_and_then_rests",
    ),
    guard(
        "a leaver's accounts are closed",
        "handlers/need_to_know/leaving.py",
        "    people.change(tx, person.id, left_at=tx.now)",
        "    pass",
        "tests/handlers/test_leaving.py::test_rights_end_now_and_files_and_replies_go_to_the_supervisor",
    ),
    guard(
        "nothing of a leaver's goes to somebody behind a barrier",
        "handlers/need_to_know/leaving.py",
        "if client_id is None or not access.barred(tx, client_id, one.id)), None)",
        "if True), None)",
        "tests/handlers/test_leaving.py::test_nothing_moves_to_somebody_behind_a_barrier_or_to_nobody",
    ),
    guard(
        "what the clock does is nobody's in chat",
        "bot/doorway.py",
        "        if entry.who is Who.CLOCK:",
        "        if False:",
        TABLE,
    ),
)
