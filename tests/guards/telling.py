"""Guards of who is told what, when, and by which road."""

from tests.guards.table import guard

COURIER = "bot/courier.py"
ENTRIES = "tests/handlers/test_interactions.py::"
PROMISES = "tests/bot/test_courier_promises.py::"

TOLD = (
    guard(
        "what is not urgent waits for good hours",
        COURIER,
        "        free = pings.hold(tx, self._doorway.policy)\n",
        "        free = None\n",
        "tests/bot/test_pings.py::test_what_falls_due_on_saturday_comes_on_monday_at_opening_as_one_message",
    ),
    guard(
        "what waits in chat waits in the mail too",
        "storage/pings.py",
        "    tx.conn.execute(delete(mails).where(mails.c.notice_id.in_(found), unsent))\n",
        "",
        "tests/bot/test_pings.py::test_what_had_its_moment_for_a_letter_and_has_to_wait_loses_it",
    ),
    guard(
        "whom no road reaches is stood in for",
        "handlers/standins.py",
        "    return not away(tx, person) and reach.reached(tx, person.id)",
        "    return not away(tx, person)",
        "tests/bot/test_reach.py::"
        "test_a_reminder_for_somebody_without_any_road_goes_to_the_supervisor_too_who_can_act_on_it",
        "tests/bot/test_reach.py::test_a_rung_whose_holder_no_road_reaches_is_passed_over_at_once",
    ),
    guard(
        "what no road has brought goes to whoever stands in",
        "bot/receipts.py",
        "        notices.hand_up(tx, notice)\n",
        "        pass\n",
        "tests/bot/test_reach.py::test_whom_the_platform_gives_up_is_stood_in_for_at_once_and_from_then_on",
    ),
    guard(
        "a notice goes up the line of whom it is meant for",
        "handlers/notices.py",
        'people.by_id(tx, telling.rpartition(":")[2]) or people.by_id(tx, missed.recipient_id)',
        "people.by_id(tx, missed.recipient_id)",
        "tests/bot/test_reach.py::test_a_notice_goes_up_the_line_of_whom_it_is_meant_for_however_many_hands_it_passes",
    ),
    guard(
        "a refused edit closes no road",
        COURIER,
        'silent="" if parcel.place else parcel.account',
        "silent=parcel.account",
        "tests/bot/test_reach.py::test_an_edit_that_is_refused_closes_nobodys_road",
    ),
    guard(
        "letters wait for good hours by themselves",
        "bot/second_road.py",
        "        pings.hold(tx, self._doorway.policy)  # a courier that hangs has judged nothing\n",
        "",
        "tests/bot/test_pings.py::test_letters_wait_for_good_hours_though_the_courier_hangs",
    ),
    guard(
        "what came since it was looked at is not sent unseen",
        "storage/outbox.py",
        "    known = outbox.c.id.in_(of) if of is not None else true()",
        "    known = true()",
        "tests/bot/test_pings.py::test_what_came_since_it_was_looked_at_is_not_sent_unseen",
    ),
    guard(
        "after an outage every lane is woken",
        COURIER,
        "            await self._wake_others()\n",
        "",
        PROMISES + "test_the_first_message_after_an_outage_wakes_every_lane",
    ),
    guard(
        "what timers still have to say is waited for",
        COURIER,
        "since=SETTLING if timers.oldest_due(tx) else timedelta()",
        "since=timedelta()",
        "tests/bot/test_bundles.py::test_while_timers_are_late_only_what_is_urgent_goes_at_once_and_nothing_waits_long",
    ),
    guard(
        "what is urgent waits for no timer",
        "storage/outbox.py",
        "or_(outbox.c.urgent.is_(True), outbox.c.message_id",
        "or_(outbox.c.message_id",
        "tests/bot/test_bundles.py::test_while_timers_are_late_only_what_is_urgent_goes_at_once_and_nothing_waits_long",
    ),
    guard(
        "an urgent message takes along what waits about its matter",
        "bot/parcels.py",
        "    along = outbox.take_along(tx, [n.id for n in same[1:]])\n",
        "    along: list[Notice] = []\n",
        "tests/bot/test_pings.py::test_an_urgent_message_takes_along_what_waits_about_the_same_matter",
    ),
    guard(
        "an older card loses its buttons to the newer one",
        "bot/parcels.py",
        "told_below() if r.replaced_by else card_of(tx, policy, n)",
        "card_of(tx, policy, n)",
        "tests/bot/test_bundles.py::"
        "test_a_newer_card_about_the_same_matter_leaves_the_older_one_pointing_to_it_and_never_touched_again",
    ),
    guard(
        "the cause is looked at again: no card, not sent",
        COURIER,
        "        if not parcel.parts:",
        "        if False:",
        PROMISES + "test_a_notice_whose_cause_went_while_it_was_taken_is_not_sent",
    ),
    guard(
        "the cause is looked at again: a settled duty",
        "handlers/deadlines/cards.py",
        "        return settled(tx, person, deadline, ask) if sent.message_id else None\n"
        "    owner = people.by_id(tx, deadline.responsible_id)\n"
        "    his = standins.speaks_for(tx, person, owner)\n"
        "    if not his",
        "        return settled(tx, person, deadline, ask)\n"
        "    owner = people.by_id(tx, deadline.responsible_id)\n"
        "    his = standins.speaks_for(tx, person, owner)\n"
        "    if not his",
        PROMISES + "test_a_notice_whose_cause_went_while_it_was_taken_is_not_sent",
        ENTRIES + "test_a_card_about_a_settled_deadline_says_so",
    ),
    guard(
        "the cause is looked at again: a settled escalation",
        "handlers/deadlines/cards.py",
        "        return settled(tx, person, deadline, ask) if sent.message_id else None\n"
        "    owner = people.by_id(tx, deadline.responsible_id)\n    facts",
        "        return settled(tx, person, deadline, ask)\n"
        "    owner = people.by_id(tx, deadline.responsible_id)\n    facts",
        PROMISES + "test_a_notice_whose_cause_went_while_it_was_taken_is_not_sent",
    ),
    guard(
        "the cause is looked at again: another's duty",
        "handlers/deadlines/cards.py",
        "    if not his and not sent.message_id:",
        "    if False:",
        PROMISES + "test_a_reminder_of_a_duty_that_was_handed_on_is_not_sent",
    ),
    guard(
        "a phone shows three fixed sentences: new messages",
        COURIER,
        "sender.send(parcel.account, parcel.cards, headline=parcel.headline)",
        "sender.send(parcel.account, parcel.cards, headline=parcel.cards[0].title)",
        PROMISES + "test_a_phone_shows_one_of_three_sentences_for_every_notice_and_every_edit",
    ),
    guard(
        "a phone shows three fixed sentences: edits",
        COURIER,
        "sender.edit(parcel.place, parcel.cards, headline=parcel.headline)",
        "sender.edit(parcel.place, parcel.cards, headline=parcel.cards[0].title)",
        PROMISES + "test_a_phone_shows_one_of_three_sentences_for_every_notice_and_every_edit",
    ),
    guard(
        "what never arrives is told",
        "bot/receipts.py",
        '    if notice.message_id or notice.kind == "notice.failed":',
        "    if True:",
        PROMISES + "test_what_never_arrives_is_told_to_the_administrators_once_a_day",
    ),
)
