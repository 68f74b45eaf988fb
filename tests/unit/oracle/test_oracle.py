"""The oracle by hand-made cases whose answers stand in docs/rules.md; so it is judged by more than the product."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.oracle import receipt
from tests.oracle.cases.dossier import Dossier, all_facts
from tests.oracle.compare import compare
from tests.oracle.figures import Period, index, indices, months
from tests.oracle.journal import read_journal
from tests.oracle.reference.worktime import add_working_time, closing_time, working_day_before, working_time

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ROOT = Path(__file__).parents[3]
RECEIPT = ROOT.parent / "shared" / "data" / "receipt.csv.gz"


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


_ids = count()


def entry(type_: str, time: str, data: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    ident = {"type": type_, "source": "s", "id": f"e{next(_ids)}", "subject": "H38-1", "time": f"{time}+07:00"}
    return {**ident, "data": {} if data is None else data, **more}


def facts_of(*entries: dict[str, Any]) -> Dossier:
    lines = [{"partition": 0, "offset": offset, "entry": one} for offset, one in enumerate(entries)]
    return all_facts(read_journal(lines), ZONE)["H38-1"]


def accepted(time: str = "2026-11-16T08:00", due: str | None = "2026-11-23", **more: Any) -> dict[str, Any]:
    data = {"unit": "H38.08", "channel": "online", **({"promised_due": due} if due else {}), **more}
    return entry("dossier.accepted", time, data)


def test_a_pause_moves_the_due_by_its_working_time() -> None:
    facts = facts_of(
        accepted(),
        entry("dossier.supplement_requested", "2026-11-20T16:00"),
        entry("dossier.supplement_received", "2026-11-23T09:00"),
    )
    assert facts.due == local("2026-11-25T10:00"), "2 h 30 of working time; Tuesday 24 November is off"
    assert facts.pauses == [(local("2026-11-20T16:00"), local("2026-11-23T09:00"))]
    assert facts.status == 4


def test_working_time_at_boundaries() -> None:
    assert working_time(local("2026-11-20T16:00"), local("2026-11-23T09:00"), ZONE).total_seconds() == 2.5 * 3600
    eight_hours = working_time(local("2026-11-16T00:00"), local("2026-11-17T00:00"), ZONE)
    assert add_working_time(local("2026-11-16T16:30"), eight_hours, ZONE) == local("2026-11-17T16:30")
    assert add_working_time(local("2026-11-22T20:00"), eight_hours, ZONE) == local("2026-11-23T17:00")
    assert closing_time(date(2026, 11, 22), ZONE) == local("2026-11-22T17:00")


@pytest.mark.parametrize(
    ("day", "before"),
    [
        ("2026-08-24", "2026-08-22"),  # Saturday 22 August is worked
        ("2026-11-25", "2026-11-23"),  # 24 November is off
        ("2026-01-05", "2025-12-31"),  # 1 January and the swapped 2 January are off
        ("2026-01-12", "2026-01-10"),  # Saturday 10 January is worked for it
        ("2027-02-11", "2027-02-03"),  # Tet
    ],
)
def test_the_working_day_before(day: str, before: str) -> None:
    assert working_day_before(date.fromisoformat(day), 1) == date.fromisoformat(before)


def test_requests_after_the_due_and_second_requests() -> None:
    late = facts_of(
        accepted(),
        entry("dossier.supplement_requested", "2026-11-23T17:01"),
        entry("dossier.supplement_received", "2026-11-25T09:00", {"promised_due": "2026-12-01"}),
    )
    assert (late.due, late.pauses, late.second_request_at) == (local("2026-11-23T17:00"), [], None)
    second = facts_of(
        accepted(),
        entry("dossier.supplement_requested", "2026-11-18T09:00"),
        entry("dossier.supplement_requested", "2026-11-18T10:00"),
    )
    assert second.second_request_at == local("2026-11-18T10:00")
    assert second.pauses == [(local("2026-11-18T09:00"), None)]
    assert second.waiting_since == local("2026-11-18T09:00")


def test_an_end_during_a_pause_is_judged_at_the_request() -> None:
    facts = facts_of(
        accepted(),
        entry("dossier.supplement_requested", "2026-11-18T09:00"),
        entry("dossier.stopped", "2026-12-18T09:00"),
    )
    assert (facts.finish, facts.finished_at) == ("stopped", local("2026-12-18T09:00"))
    assert facts.judged_at == local("2026-11-18T09:00")


@pytest.mark.parametrize(("made", "counts"), [("2026-11-20T23:59", True), ("2026-11-21T00:00", False)])
def test_an_extension_is_made_a_working_day_before(made: str, counts: bool) -> None:
    facts = facts_of(accepted(), entry("dossier.extended", made, {"promised_due": "2026-11-27", "reason": "r"}))
    assert facts.due == local("2026-11-27T17:00" if counts else "2026-11-23T17:00")
    assert facts.due_original == local("2026-11-23T17:00")
    expected = "extension_without_apology" if counts else "extension_without_effect"
    assert [finding[0] for finding in facts.findings] == [expected]


def test_ends() -> None:
    early = facts_of(accepted(), entry("dossier.resolved", "2026-11-10T08:00"))
    assert early.finished_at == early.accepted_at
    assert [finding[0] for finding in early.findings] == ["finish_before_acceptance"]
    replaced = facts_of(
        accepted(), entry("dossier.withdrawn", "2026-11-17T08:00"), entry("dossier.resolved", "2026-11-18T08:00")
    )
    assert (replaced.finish, [finding[0] for finding in replaced.findings]) == ("resolved", ["second_end"])
    reopened = facts_of(
        accepted(), entry("dossier.resolved", "2026-11-17T08:00"), entry("dossier.reopened", "2026-11-17T08:00")
    )
    assert (reopened.finish, reopened.status, reopened.findings) == (None, 4, [])
    refused = facts_of(accepted(), entry("dossier.refused", "2026-11-10T08:00"))
    assert (refused.finish, [finding[0] for finding in refused.findings]) == (None, ["entry_before_acceptance"])


def test_revisions_withdrawals_and_conflicts() -> None:
    first = accepted(due="2026-11-20")
    corrected = {**accepted(due="2026-11-27"), "id": first["id"], "revision": 2}
    assert facts_of(corrected, first).due == local("2026-11-27T17:00")
    assert facts_of(first, {**first, "revision": 1, "data": None}).accepted_at is None
    other = {**accepted(due="2026-11-27"), "id": first["id"]}
    one, two = facts_of(first, other), facts_of(other, first)
    assert one == two
    assert [finding[0] for finding in one.findings] == ["conflicting_content"]
    repeated = {**first, "recordedtime": "2026-11-17T00:00:00Z", "data": {**first["data"], "procedure": None}}
    assert facts_of(first, repeated).findings == [], "null members and stamps are no content"


def test_figures_of_a_period() -> None:
    done = facts_of(accepted(), entry("dossier.resolved", "2026-11-20T08:00"))
    late = facts_of(accepted(channel="direct"), entry("dossier.resolved", "2026-11-24T08:00"))
    still = facts_of(accepted())
    november = Period(date(2026, 11, 1), date(2026, 11, 30), ZONE)
    found = index([done, late, still], november, local("2026-11-23T17:00"))
    assert (found["received"], found["resolved"], found["open"], found["open_within_term"]) == (3, 2, 1, 1)
    assert found["components"]["2.1"] == {"numerator": 2, "denominator": 3, "ratio": "66.67", "score": "13.33"}
    assert found["components"]["3.3"] == {"numerator": 2, "denominator": 3, "ratio": "66.67", "score": "6.00"}
    assert index([still], november, local("2026-11-23T17:00:01"))["open_within_term"] == 0
    future = index([still], november, local("2026-10-31T23:59"))
    assert (future["open"], future["components"]["2.1"]["score"], future["future"]) == (0, None, True)
    assert index([], november, None)["components"]["2.1"]["ratio"] == "0.00"


def test_scores_round_half_up_and_never_show_a_false_hundred() -> None:
    done = facts_of(accepted(), entry("dossier.resolved", "2026-11-20T08:00"))
    late = facts_of(accepted(), entry("dossier.resolved", "2026-11-24T08:00"))
    november = Period(date(2026, 11, 1), date(2026, 11, 30), ZONE)
    progress = index([done] * 1989 + [late] * 91, november, None)["components"]["2.1"]
    assert (progress["ratio"], progress["score"]) == ("95.63", "19.13")
    assert index([done] * 49_999 + [late], november, None)["components"]["2.1"]["ratio"] == "99.99"


def test_children_and_months() -> None:
    facts = {"H38-1": facts_of(accepted())}
    period = Period(date(2026, 10, 15), date(2026, 12, 10), ZONE)
    assert [(month.first.day, month.last.day) for month in months(period)] == [(15, 31), (1, 30), (1, 10)]
    assert [found["unit"] for found in indices(facts, period, None, children=True)] == [None, "H38"]
    assert [found["unit"] for found in indices(facts, period, None, unit="H38", children=True)] == ["H38", "H38.08"]


def test_compare_tells_what_differs() -> None:
    facts = {"H38-1": facts_of(accepted())}
    ours = indices(facts, Period(date(2026, 11, 1), date(2026, 11, 30), ZONE), None)
    assert compare(ours, ours) == []
    assert compare([{**ours[0], "as_of": "2026-12-01T00:00:00+07:00", "note": "…"}], ours) == []
    assert len(compare([{**ours[0], "received": 7}], ours)) == 1
    assert len(compare([], ours)) == 1


@pytest.mark.skipif(not RECEIPT.exists(), reason="../shared/data/receipt.csv.gz is not beside the checkout")
def test_the_permit_log_by_its_published_totals() -> None:
    figures = receipt.count(receipt.read_cases(RECEIPT))
    named = ("received", "resolved", "open", "open_within_term", "on_time_by_instant", "on_time", "scope", "online")
    assert [figures[name] for name in named] == [1434, 1329, 105, 64, 940, 1004, 1434, 1250]


def test_the_command_prints_what_motcua_index_prints(tmp_path: Path) -> None:
    file = tmp_path / "journal.ndjson"
    tick = {**entry("clock.ticked", "2026-11-20T09:00"), "subject": "clock"}
    lines = [accepted(), tick]
    text = "".join(json.dumps({"partition": 0, "offset": at, "entry": one}) + "\n" for at, one in enumerate(lines))
    file.write_text(text, encoding="utf-8")
    words = ["--from", "2026-11-01", "--to", "2026-11-30", "--unit", "H38", "--children", "--by", "channel"]
    command = [sys.executable, "-m", "tests.oracle", str(file), *words]
    printed = json.loads(subprocess.run(command, capture_output=True, check=True, text=True, cwd=ROOT).stdout)
    assert [(index["unit"], index["channel"]) for index in printed] == [("H38", "online"), ("H38.08", "online")]
    assert printed[0]["as_of"] == "2026-11-20T02:00:00.000000Z"
    assert printed[0]["open_within_term"] == 1


def test_the_oracle_shares_no_code_with_the_product() -> None:
    for file in (ROOT / "tests" / "oracle").rglob("*.py"):
        names = [
            alias.name if isinstance(node, ast.Import) else node.module or ""
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
        ]
        foreign = {name for name in names if name.split(".")[0] not in {*sys.stdlib_module_names, "holidays"}}
        assert {name for name in foreign if not name.startswith("tests.oracle.")} == set(), file.name
        assert file.name != "receipt.py" or not foreign, "the permit log's oracle shares nothing with the journal's"
