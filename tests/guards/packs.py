"""Guards of packs: what an outsider relies on when a folder is all there is."""

from tests.guards.table import guard

CHECKING, PROOF, COPY = "bot/packs/checking.py", "bot/packs/log_proof.py", "bot/packs/log_pack.py"
ATTACKED = "tests/bot/test_pack_attacked.py::"
BYTES = ATTACKED + "test_any_byte_changed_anywhere_is_seen"
NOT_LEAVES = ATTACKED + "test_entries_that_are_not_their_leaves_are_caught_at_their_position"
SEALS = ATTACKED + "test_a_seal_taken_from_a_checkpoint_or_from_another_pack_does_not_hold"

PACKED = (
    guard(
        "every file of a pack is hashed",
        CHECKING,
        "        if _as_it_is(folder, name) != listed:",
        "        if False:",
        BYTES,
    ),
    guard(
        "a file too many in a pack is seen",
        CHECKING,
        "    if more := sorted(there - set(manifest.files)):",
        "    if more := sorted(set[str]()):",
        ATTACKED + "test_a_file_too_many_is_seen",
    ),
    guard(
        "a missing file of a pack is named",
        CHECKING,
        "    if missing := sorted(set(manifest.files) - there):",
        "    if missing := sorted(set[str]()):",
        ATTACKED + "test_a_missing_file_is_named",
    ),
    guard(
        "the seal of a pack is checked",
        CHECKING,
        "        holds(_text(folder, SEAL), content, key)\n",
        "",
        BYTES,
        SEALS,
    ),
    guard(
        "a seal is of this very manifest",
        "storage/pack_seal.py",
        "    if found[2] != sha256(manifest).hexdigest():",
        "    if False:",
        SEALS,
        BYTES,
    ),
    guard(
        "the key given is the one that counts",
        CHECKING,
        "    if given and enclosed != given:",
        "    if False:",
        ATTACKED + "test_a_pack_made_anew_with_another_key_is_whole_but_not_by_the_key_given",
    ),
    guard(
        "a link is no file of a pack",
        CHECKING,
        "os.O_RDONLY | os.O_NOFOLLOW | ",
        "os.O_RDONLY | ",
        ATTACKED + "test_a_folder_a_link_and_a_pipe_are_no_files_of_a_pack",
    ),
    guard(
        "a listed name stays in the folder",
        "bot/packs/manifest.py",
        "    if not _NAME.fullmatch(name) or name in {MANIFEST, SEAL}:",
        "    if False:",
        ATTACKED + "test_a_listed_name_never_leads_out_of_the_folder",
    ),
    guard(
        "every exported entry is its leaf",
        PROOF,
        "            if tree.leaf_hash(body) != leaves[position - start - 1]:",
        "            if False:",
        NOT_LEAVES,
    ),
    guard(
        "exported entries stand at their positions",
        "bot/packs/log_lines.py",
        "    if not line.startswith(before) or not line.endswith(after):",
        "    if not line:",
        NOT_LEAVES,
    ),
    guard(
        "all leaves of an export are those of signed roots",
        PROOF,
        "            if tree.root(self._frontier) != self._marks[size]:",
        "            if False:",
        ATTACKED + "test_leaves_that_are_not_those_of_the_signed_checkpoint_are_caught",
        ATTACKED + "test_a_history_rewritten_and_signed_anew_is_caught_by_a_checkpoint_that_was_kept",
    ),
    guard(
        "an export's leaves are as many as were signed",
        PROOF,
        "        if self._frontier.size != self._said.size:",
        "        if False:",
        ATTACKED + "test_leaves_that_are_too_few_too_many_or_none_are_caught",
    ),
    guard(
        "no line of an export is left over",
        PROOF,
        "        if more:",
        "        if False:",
        ATTACKED + "test_an_entry_more_than_the_manifest_says_is_caught",
    ),
    guard(
        "the signature of an export's checkpoint is checked",
        "storage/checkpoint.py",
        "    if not all(_holds(public_key, body, signature) for signature in ours):",
        "    if False:",
        BYTES,
    ),
    guard(
        "a log that is not whole is not exported",
        COPY,
        "    if not verdict.ok:",
        "    if False:",
        "tests/bot/test_audit_export.py::test_a_log_that_is_not_whole_is_not_exported_and_nothing_is_left",
        "tests/bot/test_audit_export.py::test_a_log_shorter_than_its_checkpoints_is_not_signed_again",
    ),
    guard(
        "an export is on record",
        "handlers/log_export.py",
        '    audit.record(tx, "log.exported", ',
        '    dict(what="log.exported", ',
        "tests/bot/test_audit_export.py::test_the_whole_log_goes_to_an_auditor_while_the_service_runs_and_while_none_does",
    ),
)
