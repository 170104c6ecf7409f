"""Guards of the firm's keys: which one wraps, when one may end, and who may rotate them."""

from tests.guards.table import guard

KEYCHAIN, GENERATIONS, CUSTODY = "storage/keychain.py", "storage/generations.py", "handlers/custody.py"
ESCROW, HELD, SHEETS = "handlers/escrow.py", "storage/escrow.py", "bot/escrow.py"
PAPER = "storage/escrow_sheet.py"
MONTHLY = "tests/handlers/test_custody.py::"
OFFICERS, LETTERS = "tests/bot/test_escrow.py::", "tests/storage/test_escrow_sheet.py::"

KEPT = (
    guard(
        "the newest generation is asked of the record",
        KEYCHAIN,
        "        return known if known.current == id else self.anew(conn)",
        "        return known",
        MONTHLY + "test_what_is_sealed_after_a_renewal_is_under_the_new_generation_before_anything_was_put_there",
    ),
    guard(
        "an unknown generation is looked for in the record",
        KEYCHAIN,
        "        return known if all(id in known for id in firm_key_ids) else self.anew(conn)",
        "        return known",
        MONTHLY + "test_another_process_learns_of_a_generation_when_it_meets_it",
    ),
    guard(
        "the newest generation does not hang on the clock",
        GENERATIONS,
        "max(tx.now, last + MICROSECOND) if last else tx.now",
        "tx.now",
        MONTHLY + "test_the_newest_generation_is_the_newest_even_when_the_clock_was_put_back",
    ),
    guard(
        "a generation ends after its days of grace",
        GENERATIONS,
        " or row.retired_at + grace > tx.now or ",
        " or ",
        MONTHLY + "test_a_generation_in_use_or_not_retired_long_enough_is_never_destroyed",
    ),
    guard(
        "a generation that wraps the intake's key does not end",
        GENERATIONS,
        "    return keys.intake_generation(tx) == id or ",
        "    return ",
        MONTHLY + "test_a_generation_that_wraps_only_the_intakes_key_is_not_destroyed",
    ),
    guard(
        "a service with another outside key rotates nothing",
        CUSTODY,
        '    if ask.typed("outside") != generations.outside(tx):',
        "    if False:",
        MONTHLY + "test_a_command_with_another_outside_key_than_the_service_changes_nothing_and_says_what_to_do",
    ),
    guard(
        "only somebody of the firm holds a sheet",
        ESCROW,
        "    if person.kind in OUTSIDERS:",
        "    if False:",
        OFFICERS + "test_only_somebody_of_the_firm_holds_a_sheet",
    ),
    guard(
        "a sheet that nobody tried for a year is not relied upon",
        ESCROW,
        'state = "tried" if tx.now - at <= VALID else "overdue"',
        'state = "tried"',
        OFFICERS + "test_two_officers_hold_sheets_that_were_tried_and_the_doctor_is_content_for_a_year",
    ),
    guard(
        "sheets of an outside key that was rotated away do not count",
        HELD,
        "asked.where(escrow_sheets.c.outside == now)",
        "asked",
        OFFICERS + "test_after_a_rotation_the_old_sheets_do_not_count",
    ),
    guard(
        "a sheet must open every firm key of the record",
        SHEETS,
        "    if opened < count:",
        "    if False:",
        OFFICERS + "test_a_sheet_of_another_firm_does_not_count",
        OFFICERS + "test_after_a_rotation_the_old_sheets_do_not_count",
    ),
    guard(
        "a passphrase of few letters is refused",
        SHEETS,
        "    if len(set(passphrase)) < SHORTEST // 2:",
        "    if False:",
        OFFICERS + "test_a_passphrase_that_can_be_guessed_is_refused",
    ),
    guard(
        "a sheet counts for the key in use only",
        SHEETS,
        "    if held.master != settings.secrets.master_key:",
        "    if False:",
        OFFICERS + "test_a_sheet_of_the_old_key_does_not_count_before_the_rotation_is_done",
    ),
    guard(
        "a passphrase that can be guessed is refused",
        SHEETS,
        '    if len(unicodedata.normalize("NFKC", passphrase)) < SHORTEST:',
        "    if False:",
        OFFICERS + "test_a_passphrase_that_can_be_guessed_is_refused",
    ),
    guard(
        "each line of a sheet is checked",
        PAPER,
        "    if _check(number, part) != standard[LETTERS:].translate(_WRITTEN):",
        "    if False:",
        LETTERS + "test_any_letter_that_is_wrong_is_found_in_its_line",
        LETTERS + "test_lines_that_changed_places_are_found",
    ),
)
