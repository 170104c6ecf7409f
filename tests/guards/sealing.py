"""Guards of what is sealed: to which place, under which key, and that nothing typed stands in plain."""

from tests.guards.table import Edit, guard

VAULT, KEYS = "storage/vault.py", "storage/keys.py"
ACCESS, LOG, AMEND = "handlers/access.py", "handlers/interactions/log.py", "handlers/interactions/amend.py"
MOVE = "handlers/interactions/quarantine.py"
PLAIN = "tests/handlers/test_nothing_in_plain.py::"
SEALED = "tests/storage/test_vault.py::"
INTAKE = "tests/storage/test_vault_intake.py::"
KEPT = "tests/storage/test_vault_keys.py::"
STORED = "tests/storage/test_store.py::"
ENGINES = "tests/storage/test_engines.py::"
ELSEWHERE = SEALED + "test_a_value_moved_elsewhere_does_not_open_even_under_the_same_key"

PLACE = "bound_to(str(FORMAT[0]), self.compartment_id, table, column, row_id, str(key_version))"
WRAP = 'place = bound_to(f"sopwith.{kind}", "1", self.current, owner)'
OUTSIDE = (
    '    raise WrongKey(f"The outside key does not open firm key {firm_key_id}.")',
    '    return b"x" * KEY_BYTES',
)
EXCHANGED = ("        _intake_private(conn, keyring)  #", "        pass  #")
UNWRAP = 'place = bound_to(f"sopwith.{kind}", "1", wrapped.firm_key_id, owner)'

VALUES = (
    *(
        guard(f"a seal is bound to its {part}", VAULT, PLACE, PLACE.replace(f", {word}", ', ""'), ELSEWHERE)
        for part, word in (
            ("compartment", "self.compartment_id"),
            ("table", "table"),
            ("column", "column"),
            ("row", "row_id"),
            ("key version", "str(key_version)"),
        )
    ),
    guard(
        "the parts of a place stand apart",
        VAULT,
        'return len(encoded).to_bytes(4, "big") + encoded',
        "return encoded",
        SEALED + "test_names_cut_at_another_letter_are_another_place",
    ),
    guard(
        "a report is bound to its row",
        "storage/intake.py",
        'bound_to("sopwith.intake", str(FORMAT[0]), row_id)',
        'bound_to("sopwith.intake", str(FORMAT[0]), "")',
        INTAKE + "test_a_report_moved_to_another_row_or_opened_with_another_key_does_not_open",
    ),
    guard(
        "a data key is bound to its compartment",
        VAULT,
        WRAP,
        WRAP.replace("owner", '""'),
        KEPT + "test_a_data_key_handed_to_another_compartment_does_not_open",
        also=(Edit(file=VAULT, find=UNWRAP, put=UNWRAP.replace("owner", '""')),),
    ),
    guard(
        "a firm key is bound to its id",
        VAULT,
        'return f"sopwith.firm-key|1|{firm_key_id}".encode()',
        'return b"sopwith.firm-key|1|"',
        KEPT + "test_a_firm_key_is_bound_to_its_id_by_the_documented_words",
    ),
    guard(
        "a nonce is used once",
        VAULT,
        "    nonce = os.urandom(_NONCE_BYTES)",
        "    nonce = bytes(_NONCE_BYTES)",
        SEALED + "test_no_nonce_is_used_twice_and_equal_texts_do_not_look_equal",
    ),
    guard(
        "a text's length does not show",
        VAULT,
        "    return marked + bytes(-len(marked) % BLOCK)",
        "    return marked",
        SEALED + "test_only_the_number_of_64_byte_blocks_shows_of_a_texts_length",
    ),
    guard(
        "a poor key is not used",
        VAULT,
        "    if len(key) != KEY_BYTES or not any(key):",
        "    if False:",
        KEPT + "test_a_key_that_is_short_long_or_zero_is_refused_wherever_it_is_put_to_work",
    ),
    guard(
        "a firm key opens with its outside key alone",
        VAULT,
        *OUTSIDE,
        KEPT + "test_a_firm_key_opens_with_the_outside_key_that_wrapped_it_and_no_other",
    ),
    guard(
        "a wrong outside key refuses the start",
        VAULT,
        *OUTSIDE,
        STORED + "test_a_wrong_outside_key_refuses_the_start",
        also=(Edit(file=KEYS, find=EXCHANGED[0], put=EXCHANGED[1]),),
    ),
    guard(
        "a wrong outside key touches nothing",
        "bot/opening.py",
        "        if at:\n",
        "        if False:\n",
        "tests/bot/test_opening.py::test_a_wrong_outside_key_touches_nothing",
    ),
    guard(
        "an exchanged intake key refuses the start",
        KEYS,
        *EXCHANGED,
        ENGINES + "test_an_exchanged_intake_key_refuses_the_start",
    ),
)

SEALS = (
    guard(
        "sealed: a summary",
        LOG,
        'sealer.seal(TABLE, "summary", row, ask.typed("summary"))',
        'ask.typed("summary").encode()',
        PLAIN + "test_a_summary_and_another_channel_are_sealed",
    ),
    guard(
        "sealed: another channel",
        LOG,
        'sealer.seal(TABLE, "other_channel", row, ask.typed("which_channel"))',
        'ask.typed("which_channel").encode()',
        PLAIN + "test_a_summary_and_another_channel_are_sealed",
    ),
    guard(
        "sealed: the name of an unlisted client",
        LOG,
        'sealer.seal(TABLE, "unlisted_name", row, ask.typed("unlisted"))',
        'ask.typed("unlisted").encode()',
        PLAIN + "test_the_name_of_an_unlisted_client_is_sealed",
    ),
    guard(
        "sealed: a correction",
        AMEND,
        'opened.seal(TABLE, "summary", row, ask.typed("summary"))',
        'ask.typed("summary").encode()',
        PLAIN + "test_a_correction_is_sealed",
    ),
    guard(
        "sealed: a corrected channel",
        AMEND,
        'opened.seal(TABLE, "other_channel", row, ask.typed("which_channel"))',
        'ask.typed("which_channel").encode()',
        PLAIN + "test_a_correction_is_sealed",
    ),
    guard(
        "sealed: what moves",
        MOVE,
        'to.seal(\n                TABLE, "summary", version.row, source',
        '(lambda _table, _column, _row, text: text.encode())(\n                TABLE, "summary", version.row, source',
        PLAIN + "test_what_moves_to_another_compartment_is_sealed_there",
    ),
    guard(
        "sealed: a channel that moves",
        MOVE,
        'to.seal(\n                TABLE, "other_channel", version.row, source',
        "(lambda _table, _column, _row, text: text.encode())(\n"
        '                TABLE, "other_channel", version.row, source',
        PLAIN + "test_what_moves_to_another_compartment_is_sealed_there",
    ),
    guard(
        "sealed: the right client's name",
        MOVE,
        'to.seal(TABLE, "unlisted_name", version.row, name)',
        "name.encode()",
        PLAIN + "test_what_moves_to_another_compartment_is_sealed_there",
    ),
    guard(
        "sealed: a client's name",
        ACCESS,
        "keys.data_key(tx, compartment_id).seal(*CLIENT_NAME, client_id, name)",
        "name.encode()",
        PLAIN + "test_client_names_are_sealed_and_so_are_their_new_names",
    ),
    guard(
        "sealed: a client's new name",
        ACCESS,
        "    return into_file(tx, client).seal(*CLIENT_NAME, client.id, name)",
        "    return name.encode()",
        PLAIN + "test_client_names_are_sealed_and_so_are_their_new_names",
    ),
    guard(
        "sealed: a breach report",
        "handlers/breaches/intake.py",
        "keys.seal_breach(tx, breach_id, json.dumps(asdict(report)))",
        "json.dumps(asdict(report)).encode()",
        PLAIN + "test_a_breach_report_is_sealed",
    ),
    guard(
        "ids of deliveries are not kept",
        "storage/inbox.py",
        "    return hashlib.sha256(key.encode()).hexdigest()",
        "    return key",
        STORED + "test_a_seen_delivery_is_known_and_its_id_is_not_kept",
    ),
)

SEALING = (*VALUES, *SEALS)
