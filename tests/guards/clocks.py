"""Guards of the statutory clocks: what is not known starts them, what is said of them is true, no file bends them."""

from tests.guards.table import guard

CLOCKS, CONDITIONS, COUNTING = (
    "handlers/rules/clocks.py",
    "handlers/rules/clock_conditions.py",
    "handlers/rules/counting.py",
)
LADDER, PACKS, FACTS = "handlers/rules/clock_ladder.py", "bot/statutes.py", "bot/breach_facts.py"
DUE, RUNS = "tests/rules/test_clocks.py::", "tests/rules/test_clock_conditions.py::"
CHOICE, WHY = "tests/rules/test_clock_choice.py::", "tests/rules/test_clock_why.py::"
COUNTED, REMINDED = "tests/rules/test_counting.py::", "tests/rules/test_clock_ladder.py::"
WHOLE, TOLD = "tests/bot/test_statutes.py::", "tests/bot/test_explain_clocks.py::"
RUN_OR_NOT = RUNS + "test_a_clock_runs_or_not"
LESS = RUNS + "test_knowing_less_never_makes_a_clock_disappear"

STATUTES = (
    guard(
        "a hold moves only the clocks that name it",
        CLOCKS,
        "facts.law_enforcement_hold_until if LAW_ENFORCEMENT in clock.holds else None",
        "facts.law_enforcement_hold_until",
        CHOICE + "test_a_hold_never_moves_a_clock_of_the_gdpr_nor_gives_a_date_where_the_law_has_none",
    ),
    guard(
        "no clock of the GDPR names a hold",
        "handlers/packs/eu.toml",
        'role = ["controller"]\nstandard = "without undue delay and, where feasible, not later than 72 hours"',
        'role = ["controller"]\nholds = ["law_enforcement"]\nstandard = "not later than 72 hours"',
        CHOICE + "test_no_clock_of_the_gdpr_names_a_hold_and_all_of_hipaa_do",
        CHOICE + "test_a_hold_never_moves_a_clock_of_the_gdpr_nor_gives_a_date_where_the_law_has_none",
    ),
    guard(
        "a hold never makes a clock earlier",
        CLOCKS,
        "held = max(due, utc(hold))",
        "held = utc(hold)",
        CHOICE + "test_a_hold_that_ends_earlier_moves_nothing",
    ),
    guard(
        "a chained clock is absent until its notice was sent",
        CLOCKS,
        "        return (utc(sent), False) if sent else None",
        '        return (utc(sent), False) if sent else (utc(facts.earliest() or facts.instants["aware_at"]), True)',
        DUE + "test_a_chained_clock_is_absent_until_its_notice_was_sent",
        DUE + "test_every_clock_but_the_chained_ones_starts_from_the_first_signal_alone",
    ),
    guard(
        "without its own start a clock is provisional",
        CLOCKS,
        "    provisional = not known.keys() - {FIRST_SIGNAL}",
        "    provisional = False",
        DUE + "test_without_its_own_start_a_clock_runs_provisionally_from_the_first_signal",
    ),
    guard(
        "the notice to the department goes with that to individuals",
        CLOCKS,
        "min(counted, utc(sent)) if counted and sent else counted",
        "counted",
        DUE + "test_the_notice_to_the_department_goes_with_that_to_individuals",
    ),
    guard(
        "what is switched off never runs",
        CLOCKS,
        "[clock for clock in clocks if clock.enabled]",
        "list(clocks)",
        CHOICE + "test_a_clock_that_is_switched_off_never_runs_not_even_when_named",
    ),
    guard(
        "an unknown risk counts as high",
        CONDITIONS,
        "Risk.UNKNOWN: 2,",
        "Risk.UNKNOWN: 0,",
        RUN_OR_NOT,
        LESS,
    ),
    guard(
        "an unanswered question counts as yes",
        CONDITIONS,
        "holds=answer is not Answer.NO",
        "holds=answer is Answer.YES",
        RUN_OR_NOT,
        LESS,
    ),
    guard(
        "an unknown number counts as the worse",
        CONDITIONS,
        '    return Verdict(holds=True, assumed=(f"{whose} is not known: counted as {limit}.",))',
        '    return Verdict(holds=False, assumed=(f"{whose} is not known: counted as {limit}.",))',
        RUN_OR_NOT,
        LESS,
        RUNS + "test_what_was_assumed_is_said",
    ),
    guard(
        "an unknown role counts as the one that must notify",
        CONDITIONS,
        'return Verdict(holds=True, assumed=(f"The role is not known: counted as {words}.",))',
        "return Verdict(holds=False)",
        RUNS + "test_the_role_changes_the_recipient",
        RUNS + "test_the_role_in_hipaas_words_is_one_of_its_own",
    ),
    guard(
        "data count as readable until it is known that they are not",
        CONDITIONS,
        "holds=facts.secured is not True",
        "holds=facts.secured is False",
        DUE + "test_without_its_own_start_a_clock_runs_provisionally_from_the_first_signal",
        LESS,
    ),
    guard(
        "a last day moves only where the law says so",
        COUNTING,
        "            return day_0 + timedelta(days=length)",
        "            return working_day(day_0 + timedelta(days=length), holidays)",
        COUNTED + "test_the_last_day_is",
        COUNTED + "test_days_agree_with_the_slow_way",
    ),
    guard(
        "a day ends at its midnight, not at its beginning",
        COUNTING,
        "    return midnight(day + _ONE_DAY, zone)",
        "    return midnight(day, zone)",
        COUNTED + "test_a_day_ends_at_24_00_of_its_zone",
        COUNTED + "test_days_agree_with_the_slow_way",
    ),
    guard(
        "hours run in UTC, whatever the clocks on the wall do",
        COUNTING,
        "    return utc(start) + timedelta(hours=hours)",
        "    return utc(start + timedelta(hours=hours))",
        COUNTED + "test_hours_do_not_follow_the_clock_on_the_wall",
    ),
    guard(
        "a clock that is overdue says so",
        LADDER,
        ", Reminder(rung=OVERDUE, at=due))",
        ",)",
        REMINDED + "test_a_clock_of_72_hours_is_reminded_at_half_at_three_quarters_and_12_4_and_1_hours_before",
        REMINDED + "test_a_clock_that_ended_before_it_began_is_overdue_and_nothing_else",
    ),
    guard(
        "nothing reminds before a clock has started",
        LADDER,
        "if start < at < due}",
        "if at < due}",
        REMINDED + "test_a_short_clock_has_what_lies_after_its_start",
        REMINDED + "test_a_clock_of_three_days_has_the_last_two",
    ),
    guard(
        "the quality of the source is always said",
        "handlers/rules/clock_why.py",
        '        f"Source {clock.quality.value}: {_SOURCES[clock.quality]} ({looked}).",\n',
        "",
        WHY + "test_every_reason_has_its_article_its_sum_and_the_quality_of_the_source",
    ),
    guard(
        "a ring of clocks is refused",
        PACKS,
        "        if part.id in _chain(part.id, before):",
        "        if False:",
        WHOLE + "test_a_ring_of_clocks_that_wait_for_each_other_is_refused",
        WHOLE + "test_a_fault_is_said_with_its_file_and_place",
    ),
    guard(
        "an id that is there twice is refused",
        PACKS,
        "        if often[id] > 1 and id in seen:",
        "        if False:",
        WHOLE + "test_an_id_that_is_there_twice_is_refused_in_one_file_and_across_them",
    ),
    guard(
        "a regime of which there is no clock is refused",
        PACKS,
        "if isinstance(regime, str) and not any(under(id, regime) for id in ids):",
        "if False and isinstance(regime, str):",
        TOLD + "test_a_fact_that_is_wrong_is_refused_with_its_key",
        "tests/bot/test_own_clocks.py::test_what_is_wrong_with_a_firms_clock_is_said_with_its_path",
    ),
    guard(
        "a fact that stands there twice is refused",
        FACTS,
        "    if twice:",
        "    if False:",
        TOLD + "test_a_fact_that_is_wrong_is_refused_with_its_key",
    ),
    guard(
        "an instant without its offset is refused",
        FACTS,
        "    if found.tzinfo is None:",
        "    if False:",
        TOLD + "test_a_fact_that_is_wrong_is_refused_with_its_key",
    ),
)
