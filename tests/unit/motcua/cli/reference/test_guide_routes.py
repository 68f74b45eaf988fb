"""The guide to routes: its revision is taken, its entries go through the engine, and every screen is what they give."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path
from typing import Any

import orjson
import pytest

from motcua.cli.main import main
from motcua.cli.reference.loading.revision_file import read_revision
from services.metrics.follow.view import View
from services.metrics.table.columns import Fact
from services.metrics.table.decode import Decoder, PartitionClock
from services.metrics.units.registry import Registry
from services.processing.engine import facts
from services.processing.http.slips import make_slip
from shared.contract.entries import ENTRY_ADAPTER
from shared.instants import parse_instant
from shared.reference import ReferenceEntry, ReferenceSet
from shared.reference.checks import check_entry
from tests.unit.motcua.cli.answering import answer_from
from tests.unit.processing.driver import ZONE, Partition

TEXT = (Path(__file__).resolve().parents[5] / "docs/guides/routes.md").read_text(encoding="utf-8")
FILE = dict(re.findall(r"^```(?:yaml|csv) (\S+)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL))
CONSOLE = re.findall(r"^```console\n\$ motcua (.*?)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
NOW = parse_instant("2026-11-11T09:00:00+07:00")


def revision() -> list[dict[str, Any]]:
    return read_revision(FILE["routes.yaml"], parse_instant("2026-11-01T00:00:00+07:00"), simulated=False)


def entries() -> list[dict[str, Any]]:
    found = []
    for number, row in enumerate(csv.DictReader(FILE["entries.csv"].splitlines())):
        data: dict[str, Any] = {"step": row["step"], "unit": row["unit"]} if row["step"] else {}
        if row["type"] == "dossier.accepted":
            data = {"procedure": "1.004199", "channel": "direct", "unit": row["unit"]}
        entry = {
            "specversion": "1.0",
            "source": "one-stop",
            "id": str(number),
            "subject": row["dossier"],
            "time": f"{row['time'].replace(' ', 'T')}:00+07:00",
            "type": row["type"],
            "data": data,
        }
        ENTRY_ADAPTER.validate_python(entry)
        found.append(entry)
    return sorted(found, key=lambda entry: str(entry["time"]))


def as_fact(code: str, row: dict[str, Any]) -> Fact:
    cause = {"epoch": 1, "partition": 0, "offset": 0, "index": 0}
    record = {"type": "dossier.changed", "data": {"cause": cause, "row": row, "happened": []}}
    found = Decoder(1)(0, code.encode(), orjson.dumps(record))
    assert isinstance(found, Fact)
    return found


@pytest.fixture(scope="module")
def partition() -> Partition:
    return Partition().feed([*revision(), *entries(), NOW])


@pytest.fixture
def stack(partition: Partition, monkeypatch: pytest.MonkeyPatch) -> None:
    view = View(1, 1, ZONE)
    view.table.apply([as_fact(code, row) for code, row in partition.rows.items()])
    view.registry = Registry(ZONE, partition.reference.known)
    view.marks[0].clock = PartitionClock(1, NOW)
    view.caught_up.set()
    slips = {}
    for code, state in partition.states.items():
        answer = make_slip(facts(code, state.entries, partition.reference), partition.reference, partition.clock)
        slips[f"/v1/dossiers/{code}/slip"] = answer.model_dump(mode="json")
    answer_from(monkeypatch, view, simulated=False, processing=slips)


def test_the_revision_is_taken_as_it_stands() -> None:
    known = ReferenceSet()
    for entry in revision():
        assert check_entry(entry["type"], ENTRY_ADAPTER.validate_python(entry).data, known) == []
        known = known.with_entry(ReferenceEntry.of(orjson.dumps(entry)))
    assert len(known.entries) == 5


def test_nothing_odd_is_found_about_the_entries(partition: Partition) -> None:
    rows = partition.rows.values()
    assert len(rows) == 3
    assert all(not row.get("findings") and not row.get("rejections") for row in rows)


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(("command", "shown"), CONSOLE, ids=[command for command, _ in CONSOLE])
def test_every_screen_is_what_the_entries_give(
    command: str, shown: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(tmp_path), *shlex.split(command)]) == 0
    told = capsys.readouterr()
    assert [line.rstrip() for line in (told.out + told.err).splitlines()] == shown.splitlines()


def test_all_questions_are_shown() -> None:
    assert {command.split()[0] for command, _ in CONSOLE} == {
        *("due-list", "slip", "steps", "blame", "dossiers", "bottlenecks")
    }
