"""Parameters of the rule `deadlines`: their forms, their defaults, and what cannot be read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from shared.contract.reference import Rule
from shared.instants import HOUR, MINUTE
from shared.reference.kinds.rules import _PARAMETERS, DeadlineRules, check_rule, deadline_rules
from tests.unit.shared.reference.making import day, known, rule

RULES_PAGE = Path(__file__).parents[5] / "docs" / "rules.md"


def _data(**parameters: Any) -> Rule:
    return Rule(rule="deadlines", version="2026-2", parameters=parameters)


@pytest.mark.parametrize(
    ("parameter", "value", "member", "expected"),
    [
        ("warning_hours", "72,24,4", "rungs", (72 * HOUR, 24 * HOUR, 4 * HOUR)),
        ("warning_hours", " 4, 72 ,24,24", "rungs", (72 * HOUR, 24 * HOUR, 4 * HOUR)),
        ("warning_hours", 8, "rungs", (8 * HOUR,)),
        ("warning_hours", "0.5", "rungs", (30 * MINUTE,)),
        ("warning_hours", "none", "rungs", ()),
        ("warning_hours", "", "rungs", ()),
        ("step_warning_hours", "8,2", "step_rungs", (8 * HOUR, 2 * HOUR)),
        ("intake_warning_hours", 4, "intake_rungs", (4 * HOUR,)),
        ("extension_days", 0, "extension_days", 0),
        ("extension_days", "3", "extension_days", 3),
        ("fee_pauses", True, "fee_pauses", True),
        ("fee_pauses", "true", "fee_pauses", True),
        ("fee_pauses", "False", "fee_pauses", False),
        ("intake_minutes", 0, "intake_minutes", 0),
        ("intake_channels", "online, postal", "intake_channels", frozenset({"online", "postal"})),
        ("intake_channels", "none", "intake_channels", frozenset()),
        ("cutoff", "16:30", "cutoff", 16 * HOUR + 30 * MINUTE),
        ("cutoff", "none", "cutoff", None),
        ("cutoff_shifts_start", True, "cutoff_shifts_start", True),
        ("counting", "hours", "counting", "hours"),
        ("apology_form", "04", "apology_form", "04"),
        ("apology_form", 4, "apology_form", "4"),
        ("apology_hours", 48, "apology_before", 48 * HOUR),
        ("apology_hours", 0, "apology_before", 0),
    ],
)
def test_a_parameter_is_read_from_text_number_or_flag(parameter: str, value: Any, member: str, expected: Any) -> None:
    data = _data(**{parameter: value})
    assert check_rule(data) == []
    assert deadline_rules(data, DeadlineRules()) == _default(version="2026-2", **{member: expected})


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("warning_hours", "72;24"),
        ("warning_hours", "-4"),
        ("warning_hours", "0"),
        ("warning_hours", "24,"),
        ("warning_hours", True),
        ("warning_hours", "999999"),
        ("warning_hours", "1,2,3,4,5,6,7,8,9,10,11"),
        ("extension_days", -1),
        ("extension_days", "1.5"),
        ("extension_days", True),
        ("extension_days", 367),
        ("extension_days", 10**30),
        ("fee_pauses", 1),
        ("fee_pauses", "yes"),
        ("intake_minutes", -1),
        ("intake_channels", "fax"),
        ("intake_channels", "online,"),
        ("cutoff", "24:00"),
        ("cutoff", "15h"),
        ("cutoff", 15),
        ("counting", "days"),
        ("counting", True),
        ("apology_form", "mẫu 04"),
        ("apology_form", True),
        ("apology_hours", "none"),
        ("apology_hours", True),
    ],
)
def test_what_cannot_be_read_is_told_and_has_its_default(parameter: str, value: Any) -> None:
    data = _data(**{parameter: value, "extension_days": value if parameter == "extension_days" else 7})
    (fault,) = check_rule(data)
    assert (fault.code, fault.field) == ("wrong_parameter", f"data.parameters.{parameter}")
    assert fault.parameters["expected"]
    expected = _default(version="2026-2", extension_days=1 if parameter == "extension_days" else 7)
    assert deadline_rules(data, DeadlineRules()) == expected


def test_unknown_names_are_told() -> None:
    (fault,) = check_rule(_data(warning_hour="24"))
    assert (fault.code, fault.field, fault.value) == (
        "unknown_parameter",
        "data.parameters.warning_hour",
        "warning_hour",
    )
    assert "warning_hours" in str(fault.parameters["expected"])
    (fault,) = check_rule(Rule(rule="deadline", version="1"))
    assert (fault.code, fault.field) == ("unknown_rule", "data.rule")


def test_a_rule_left_out_is_as_the_stack_has_it() -> None:
    built_in = DeadlineRules(rungs=(48 * HOUR,), extension_days=2)
    reference = known(rule({"parameters": {"extension_days": 5}, "valid_from": "2026-07-01"}))
    assert reference.rules(day("06-30"), None, built_in) is built_in
    found = reference.rules(day("07-01"), None, built_in)
    assert (found.rungs, found.extension_days, found.version) == ((48 * HOUR,), 5, "1")
    assert reference.rules(day("07-01"), None).rungs == (24 * HOUR,)
    assert reference.rules(day("07-01"), None, built_in) == found


def test_a_rule_of_another_name_is_no_deadline_rule() -> None:
    assert known(rule({"rule": "other"})).rules(day("07-01"), None) == DeadlineRules()


def test_the_page_of_rules_lists_these_parameters_and_defaults() -> None:
    section = RULES_PAGE.read_text(encoding="utf-8").split("## Rule versions")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \| (.*?) \|", section, re.MULTILINE)
    told = {name: default.strip("` ") for names, default in rows for name in re.findall(r"`(\w+)`", names)}
    assert set(told) == set(_PARAMETERS)
    given = {name: {"true": True, "false": False}.get(default, default) for name, default in told.items()}
    assert deadline_rules(Rule(rule="deadlines", version="built-in", parameters=given), _other()) == DeadlineRules()


def _default(**members: Any) -> DeadlineRules:
    return DeadlineRules(**members)


def _other() -> DeadlineRules:
    """Rules that differ from the built-in ones in everything."""
    return DeadlineRules("x", (), (1,), (1,), 9, True, 1, frozenset(), 1, True, "hours", "1", 1)
