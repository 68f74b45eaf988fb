"""The worked examples by the engine, by metrics and by the oracle; and that they leave no rule of docs/rules.md out."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.metrics.http.queries import dossiers
from services.metrics.http.questions.indices import indices
from services.metrics.table.periods import period
from tests.examples.judging import announcements_said, differences, figure_differences
from tests.examples.reading import Example, read_examples
from tests.oracle.expected import expected
from tests.oracle.figures import Period
from tests.oracle.rows import form_of, standing
from tests.oracle.work.figures import other_figures
from tests.unit.metrics.declared import OTHERS
from tests.unit.oracle.product import ZONE, run
from tests.unit.oracle.test_figures_against_oracle import viewed

RULES = Path(__file__).parents[3] / "docs" / "rules.md"
EXAMPLES = read_examples()
#: All codes of findings, and that of a rejection.
FINDINGS = {
    "conflicting_content",
    "second_acceptance",
    "finish_before_acceptance",
    "end_without_acceptance",
    "entry_before_acceptance",
    "step_after_finish",
    "second_end",
    "entry_after_finish",
    "receipt_without_request",
    "extension_without_effect",
    "promised_later_than_law",
    "promised_differs",
    "extension_without_apology",
    "not_the_owner",
    "step_out_of_order",
    "step_done_twice",
    "sent_back_nowhere",
    "step_not_in_route",
    "petition_not_received",
}
#: Parameters that decide about the draft of an apology only, which is tried where drafts are made.
OF_DRAFTS = {"apology_form", "apology_hours"}


def lines_of(example: Example) -> list[dict[str, Any]]:
    """The journal of an example, in one partition."""
    entries = list(example.entries)
    if example.clock is not None:
        tick = {"specversion": "1.0", "type": "clock.ticked", "source": "clock", "id": "c", "subject": "clock"}
        # Before the last entry as well, so that it arrives late and takes back what was announced without it.
        entries.insert(len(entries) - 1, {**tick, "time": example.clock, "data": {}})
        entries.append({**tick, "time": example.clock, "data": {}})
    return [{"partition": 0, "offset": offset, "entry": entry} for offset, entry in enumerate(entries)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
def test_an_example(example: Example) -> None:
    lines = lines_of(example)
    told, result = expected(lines, ZONE), run(lines)
    by_oracle, by_engine = told.rows(), {key: form_of(key, row) for key, row in result.rows.items()}
    for code, said in example.facts.items():
        assert differences(code, said, by_oracle[code]) == [], "by the oracle"
        assert differences(code, said, by_engine[code]) == [], "by the engine"
        if "announced" in said:
            wanted = announcements_said(said["announced"])
            assert told.announced(code) == wanted, "by the oracle"
            assert standing(result.happened.get(code, [])) == wanted, "by the engine"
    if example.figures is not None:
        figures = dict(example.figures)
        first, last = (date.fromisoformat(figures.pop(name)) for name in ("from", "to"))
        chosen, whole = Period(first, last, ZONE), period(first, last, ZONE)
        (index,) = told.indices(chosen)
        others = other_figures(told.dossiers.values(), chosen, told.clock)
        assert figure_differences(figures, index | others) == [], "by the oracle"
        view = viewed(1, result.records, 0)
        (index,) = indices(view, [whole], None, children=False, by=None)
        moment = view.moment(whole)
        others = {name: dossiers(view, OTHERS[name], moment, None, offset=0, limit=0)[0] for name in OTHERS}
        view.close()
        assert figure_differences(figures, index | others) == [], "by metrics"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
def test_an_example_says_what_it_is_about(example: Example) -> None:
    for part, texts in example.texts.items():
        assert all(len(text) > 5 for text in texts.values()), part
        assert texts["vi"] != texts["en"]
    assert example.facts or example.figures


def test_the_examples_have_names_and_codes_of_their_own() -> None:
    assert len({example.id for example in EXAMPLES}) == len(EXAMPLES)
    subjects = [{entry["subject"] for entry in example.entries} for example in EXAMPLES]
    assert sum(map(len, subjects)) == len(set().union(*subjects))


def test_rule_versions_do_not_meet() -> None:
    """Rule versions concern everybody, so each has days of its own, before those of all other examples."""
    begins = [
        entry["data"]["valid_from"]
        for example in EXAMPLES
        for entry in example.entries
        if entry["type"] == "rule.activated"
    ]
    assert begins == sorted(set(begins))
    received: dict[bool, set[str]] = {True: set(), False: set()}
    for example in EXAMPLES:
        ruled = any(entry["type"] == "rule.activated" for entry in example.entries)
        received[ruled] |= {
            entry["time"] for entry in example.entries if entry["type"] in ("dossier.accepted", "dossier.submitted")
        }
    assert begins[0] <= min(received[True])
    assert max(received[True]) < min(received[False])


def test_every_finding_parameter_and_figure_of_the_rules_has_an_example() -> None:
    text = RULES.read_text(encoding="utf-8")
    first_columns = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    named = {name for column in first_columns for name in re.findall(r"`([a-z_]+)`", column)}
    assert len(named) > 20
    findings = {name for name in FINDINGS if f"`{name}`" in text}
    assert len(findings) == len(FINDINGS)
    used: set[str] = set()
    for example in EXAMPLES:
        used |= set(example.figures or ())
        for said in example.facts.values():
            used |= {*said.get("findings", ()), *(["not_the_owner"] if said.get("rejections") else [])}
        for entry in example.entries:
            used |= set((entry["data"] or {}).get("parameters", ()))
    assert (named | findings) - used - OF_DRAFTS == set()
