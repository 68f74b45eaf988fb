"""Every worked example once through the running suite: sent over HTTP in one go, judged by processing and metrics.

The examples have names of their own and share the clock. Those that lie in the future cannot be sent yet.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.clock import SystemClock
from shared.instants import to_datetime
from tests.examples.judging import differences, figure_differences
from tests.examples.reading import Example, read_examples
from tests.oracle.compare import compare, compare_rows
from tests.oracle.expected import Expected, expected
from tests.oracle.figures import Period
from tests.oracle.rows import announced_form, form_of
from tests.oracle.work.figures import blame_figures, step_figures
from tests.stack import StackFactory
from tests.suite import Suite

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: Figures that are not beside an index but have lists.
OTHERS = {"intake_open", "on_time_with_step_over", "late_within_budgets"}
#: After the weeks of the rule versions everything goes by the built-in rules again.
BUILT_IN_AGAIN = {
    "specversion": "1.0",
    "type": "rule.activated",
    "source": "examples",
    "id": "end",
    "subject": "rules",
    "time": "2020-01-01T00:00:00+07:00",
    "data": {"rule": "deadlines", "version": "built-in again", "valid_from": "2025-08-01", "parameters": {}},
}


@pytest.mark.timeout(180)
def test_the_worked_examples_by_the_running_suite(local_stack: StackFactory, tmp_path: Path) -> None:
    suite = Suite(local_stack("data"))
    now = to_datetime(SystemClock().now())
    examples = [example for example in read_examples() if _lies_before(example, now)]
    assert len(examples) >= 60
    clock = _tick(max(example.clock for example in examples if example.clock is not None))
    # The last entry of each example comes late: after the clock announced what is so without it.
    _send(suite, [BUILT_IN_AGAIN, *(entry for example in examples for entry in example.entries[:-1]), clock])
    suite.wait_counted()
    _send(suite, [*(example.entries[-1] for example in examples), clock])
    suite.wait_counted()

    told = expected(suite.export(tmp_path / "journal.ndjson"), ZONE, suite.partitions)
    answers = {code: suite.get("processing", f"/v1/dossiers/{code}").json() for code in told.dossiers}
    for code in told.petitions:
        answers[f"petition:{code}"] = suite.get("processing", f"/v1/petitions/{code}").json()
    found = {key: form_of(key, answer["row"]) for key, answer in answers.items()}
    wrong = [
        line for one in examples for code, said in one.facts.items() for line in differences(code, said, found[code])
    ]
    assert wrong == []
    assert compare_rows(found, told.rows()) == []
    for code, answer in answers.items():
        assert {announced_form(one) for one in answer["announced"]} == told.announced(code), code
    _figures(suite, examples, told)


def _lies_before(example: Example, now: datetime) -> bool:
    return all(datetime.fromisoformat(entry["time"]) < now for entry in example.entries)


def _tick(time: str) -> dict[str, Any]:
    tick = {"specversion": "1.0", "type": "clock.ticked", "source": "examples", "id": "clock", "subject": "clock"}
    return {**tick, "time": time, "data": {}}


def _send(suite: Suite, entries: list[dict[str, Any]]) -> None:
    content = "\n".join(json.dumps(entry) for entry in entries).encode()
    answer = suite.post("/v1/entries:batch", content, "application/x-ndjson")
    assert answer.status_code == 200, answer.text
    refused = [
        (entry, result)
        for entry, result in zip(entries, answer.json()["results"], strict=True)
        if result["status"] != 202
    ]
    assert refused == []


def _figures(suite: Suite, examples: list[Example], told: Expected) -> None:
    """Those the examples say, and all of the month most of them lie in."""
    for example in examples:
        if example.figures is None:
            continue
        figures = dict(example.figures)
        first, last = figures.pop("from"), figures.pop("to")
        (index,) = suite.indices(first, last, unit=example.prefix)
        for name in sorted(set(figures) & OTHERS):
            asked = {"from": first, "to": last, "figure": name, "unit": example.prefix}
            index[name] = suite.get("metrics", "/v1/dossiers", limit=1, **asked).json()["total"]
        assert figure_differences(figures, index) == [], example.id
    october = Period(date(2026, 10, 1), date(2026, 10, 31), ZONE)
    for by in (None, "channel", "procedure"):
        known = suite.indices("2026-10-01", "2026-10-31", children="true", by=by)
        assert compare(_without_names(known), told.indices(october, children=True, by=by)) == [], by
    # Steps and blame as well, by unit and step over all examples.
    steps = step_figures(told.dossiers.values(), october, told.clock, above=told.above)
    asked = {"from": "2026-10-01", "to": "2026-10-31"}
    groups = suite.get("metrics", "/v1/steps", by="unit-step", **asked).json()["groups"]
    assert {(one["unit"], one["step"]): _part(one, steps) for one in groups} == steps
    assert len(steps) > 30
    blame = blame_figures(told.dossiers.values(), october, told.clock, above=told.above)
    units = suite.get("metrics", "/v1/blame", **asked).json()["units"]
    assert {one["unit"]: (one["delay_us"], one["dossiers"]) for one in units} == blame["units"]


def _part(one: dict[str, Any], steps: dict[Any, dict[str, int | None]]) -> dict[str, Any]:
    """The figures of a group that the oracle has."""
    return {name: one[name] for name in next(iter(steps.values()))}


def _without_names(known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = {"unit_name", "procedure_name"}
    return [{name: value for name, value in index.items() if name not in names} for index in known]
