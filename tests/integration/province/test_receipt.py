"""The real permit log through the whole suite: its figures equal those counted straight from the CSV.

The same log as XES, by the same mapping, changes nothing: every entry comes with the identity and content it has.
Then the same journal, as exported, is recomputed by the journal's oracle, and rebuilt without a difference.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.oracle import receipt
from tests.oracle.cases.dossier import all_facts
from tests.oracle.compare import compare
from tests.oracle.figures import Period, indices
from tests.oracle.journal import read_journal
from tests.stack import StackFactory
from tests.suite import Suite

ROOT = Path(__file__).parents[3]
LOG = ROOT.parent / "shared" / "data" / "receipt.csv.gz"
PROCESS_LOG = LOG.with_name("receipt.xes.gz")
MAPPING = ROOT / "docs" / "guides" / "mappings" / "receipt.yaml"
FIRST, LAST = receipt.FIRST_DAY.isoformat(), receipt.LAST_DAY.isoformat()
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

pytestmark = [
    pytest.mark.skipif(not LOG.exists(), reason="../shared/data/receipt.csv.gz is not beside the checkout"),
    pytest.mark.timeout(420),
]


def plain(index: dict[str, Any]) -> dict[str, int]:
    """An index of the product in the words of the permit log's oracle."""
    counts = {name: index[name] for name in receipt.FIGURES if name in index}
    progress, online = index["components"]["2.1"], index["components"]["3.3"]
    assert progress["denominator"] == index["scope"]
    assert online["denominator"] == index["received"]
    return counts | {"on_time": progress["numerator"], "online": online["numerator"]}


@pytest.fixture(scope="module")
def cases() -> list[receipt.Case]:
    return receipt.read_cases(LOG)


def test_the_permit_log_end_to_end(local_stack: StackFactory, cases: list[receipt.Case], tmp_path: Path) -> None:
    suite = Suite(local_stack("data"))
    words = ("--mapping", str(MAPPING), "--clock", "data", "--until", "2012-01-24", "--json")
    summary = json.loads(suite.motcua("import", str(LOG), *words))
    assert (summary["refused"], summary["dossiers"]) == (0, 1434)

    whole = suite.index(FIRST, LAST)
    assert len(whole) == 1
    assert whole[0]["as_of"] == "2012-01-23T17:00:00.000000Z"
    assert plain(whole[0]) == receipt.count(cases)
    assert whole[0]["components"]["2.1"] == {"numerator": 1004, "denominator": 1434, "ratio": "70.01", "score": "14.00"}
    assert whole[0]["components"]["3.3"] == {"numerator": 1250, "denominator": 1434, "ratio": "87.17", "score": "6.00"}

    for unit in suite.index(FIRST, LAST, "--children")[1:]:
        assert plain(unit) == receipt.count(case for case in cases if case.department == unit["unit"]), unit["unit"]
    units = {unit["unit"] for unit in suite.index(FIRST, LAST, "--children")[1:]}
    assert units == {"General", "Customer contact", "Experts"}
    channels = {index["channel"]: plain(index) for index in suite.index(FIRST, LAST, "--by", "channel")}
    assert channels == {
        channel: receipt.count(case for case in cases if case.channel == channel)
        for channel in ("online", "postal", "direct")
    }
    months = {index["month"]: plain(index) for index in suite.index(FIRST, LAST, "--by", "month")}
    assert months == receipt.by_month(cases)

    if PROCESS_LOG.exists():
        # The clock stands at the end already: nothing is sorted and nothing ticks, which is quicker.
        again = json.loads(suite.motcua("import", str(PROCESS_LOG), "--mapping", str(MAPPING), "--json"))
        of_the_file = ("rows", "entries", "accepted", "refused", "dossiers", "contradictions")
        assert {name: again[name] for name in of_the_file} == {name: summary[name] for name in of_the_file}
        assert suite.index(FIRST, LAST) == whole, "the log as XES gives the figures of the table"

    _compare_with_the_journal(suite, tmp_path / "journal.ndjson")
    rebuilt = suite.rebuild()
    assert (rebuilt["differences"], rebuilt["switched"], rebuilt["dossiers"]) == (0, True, 1434)
    assert suite.index(FIRST, LAST) == whole, "the new epoch shows the same figures"


def _compare_with_the_journal(suite: Suite, file: Path) -> None:
    """Every figure of every unit, channel and month, and of periods that begin and end anywhere, by the journal."""
    lines = suite.export(file)
    _check_contents(lines)
    read = read_journal(lines, suite.partitions)
    facts, clock = all_facts(read, ZONE), min(read.clocks.values())
    assert len(facts) == 1434
    some = [
        Period(receipt.FIRST_DAY + timedelta(days=37 * n), receipt.FIRST_DAY + timedelta(days=61 * n), ZONE)
        for n in range(9)
    ]
    beyond = Period(date(2012, 1, 1), date(2012, 12, 31), ZONE)
    future = Period(date(2012, 2, 1), date(2012, 2, 29), ZONE)
    for period in (Period(receipt.FIRST_DAY, receipt.LAST_DAY, ZONE), *some, beyond, future):
        for by in (None, "channel", "month"):
            expected = indices(facts, period, clock, children=True, by=by)
            told = suite.indices(str(period.first), str(period.last), children="true", by=by)
            assert compare(told, expected) == [], (period, by)


def _check_contents(lines: list[dict[str, Any]]) -> None:
    """One content for each identity, however often it was sent and from which form of the file."""
    contents: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for line in lines:
        entry = {name: value for name, value in line["entry"].items() if name not in ("recordedtime", "sender")}
        if entry["type"] != "clock.ticked":
            contents.setdefault((entry["subject"], entry["source"], entry["id"]), []).append(entry)
    copies = {len(held) for held in contents.values()}
    assert copies == ({2} if PROCESS_LOG.exists() else {1})
    assert all(one == held[0] for held in contents.values() for one in held)
