"""What a refusal says on a terminal: every fault of it."""

from __future__ import annotations

from motcua.cli.refusals import refusal_lines


def test_each_fault_is_a_line_with_field_value_and_remedy() -> None:
    problem = {
        "detail": "The step check2 has no owner.",
        "field": "data.steps[3]",
        "errors": [
            {"field": "data.steps[3]", "detail": "The step check2 has no owner.", "remedy": "Give a unit."},
            {"field": "data.steps[1].unit", "value": "H99", "detail": "H99 is not registered.", "remedy": "Mend it."},
        ],
    }
    assert refusal_lines(problem) == [
        "data.steps[3]: The step check2 has no owner. Give a unit.",
        "data.steps[1].unit = H99: H99 is not registered. Mend it.",
    ]


def test_a_problem_without_fields_is_its_own_line() -> None:
    assert refusal_lines({"detail": "No such key.", "remedy": "Ask for one."}) == ["No such key. Ask for one."]
