"""Tables of petitions and of figures from outside: a row for each, as processing told it last, beside no dossier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from motcua.exporting.logs.ocel import Relation, events_of, objects_of
from motcua.exporting.selection import Selection
from shared.broker.partition import partition_of
from shared.populations.dossiers import DOSSIERS
from shared.populations.fact import Population
from shared.populations.indicators import INDICATORS
from shared.populations.petitions import PETITIONS
from tests.unit.motcua.exporting.making import PARTITIONS, START, ZONE, Topics, entry, export, use
from tests.unit.motcua.exporting.test_logs import dossier_of

PETITION: dict[str, Any] = {"code": "P-1", "unit": "U1", "received_at": "2026-08-03T01:00:00.000000Z", "entries": 2}
FIGURE: dict[str, Any] = {
    "code": "s|survey|1",
    "indicator": "5.1",
    "unit": "U2",
    "first_day": "2026-08-01",
    "last_day": "2026-08-31",
    "numerator": 3,
    "denominator": 4,
    "entered_at": "2026-09-02T01:00:00.000000Z",
    "entries": 1,
}
DOSSIER: dict[str, Any] = {"code": "P-1", "status": 4, "unit": "U1", "entries": 1}


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch) -> Topics:
    made = Topics()

    def told(population: Population, row: dict[str, Any], subject: str, offset: int) -> None:
        key, partition = population.key(row["code"]), partition_of(subject, PARTITIONS)
        cause = {"epoch": 1, "partition": partition, "offset": offset, "index": 0}
        event = {"type": population.event, "data": {"cause": cause, "row": row, "happened": []}}
        made.put("lifecycle", partition, key.encode(), orjson.dumps(event))

    told(DOSSIERS, DOSSIER, "P-1", 3)
    told(PETITIONS, PETITION | {"dossier": "P-1"}, "P-1", 5)
    told(PETITIONS, PETITION, "P-1", 4)
    told(PETITIONS, PETITION | {"code": "P-2", "unit": "U3", "judgements": [{"at": "x"}]}, "P-2", 6)
    told(INDICATORS, FIGURE, "s", 7)
    use(monkeypatch, made)
    return made


@pytest.mark.usefixtures("topics")
async def test_petitions_have_a_row_each_the_newest(tmp_path: Path) -> None:
    done = await export(tmp_path / "p.parquet", "petitions")
    assert (done.rows, done.dossiers) == (2, 0)
    found = pl.read_parquet(tmp_path / "p.parquet").sort("code").to_dicts()
    assert [(one["code"], one["unit"], one["dossier"], one["offset"]) for one in found] == [
        ("P-1", "U1", "P-1", 5),
        ("P-2", "U3", None, 6),
    ]
    assert (found[0]["judgements"], found[1]["judgements"]) == ("[]", '[{"at":"x"}]')
    assert found[0]["received_at"].isoformat() == "2026-08-03T01:00:00+00:00"


@pytest.mark.usefixtures("topics")
async def test_figures_have_a_row_each(tmp_path: Path) -> None:
    assert (await export(tmp_path / "e.parquet", "entered")).rows == 1
    (found,) = pl.read_parquet(tmp_path / "e.parquet").to_dicts()
    assert {name: found[name] for name in FIGURE if name != "entered_at"} == {
        name: value for name, value in FIGURE.items() if name != "entered_at"
    }
    assert (found["value"], found["sequence"]) == (None, 0)


@pytest.mark.usefixtures("topics")
async def test_they_are_selected_by_unit_and_by_when_they_came(tmp_path: Path) -> None:
    begin = 1_785_715_200_000_000  # 2026-08-03 UTC
    for selection, wanted in (
        (Selection(units=frozenset({"U3"})), 1),
        (Selection(begin=begin), 2),
        (Selection(end=begin), 0),
        (Selection(codes=frozenset({"P-1"})), 1),
    ):
        assert (await export(tmp_path / "p.csv", "petitions", selection)).rows == wanted, selection
    assert (await export(tmp_path / "f.csv", "facts")).rows == 1, "a code that a petition has, too"


def test_a_petition_is_an_object_beside_a_dossier_of_its_code() -> None:
    raws = [
        entry("dossier.accepted", "P-1", "1", START, {"unit": "U1", "channel": "online"}),
        entry("petition.received", "P-1", "1", START, {"unit": "U1", "dossier": "D-9"}),
    ]
    for sent, objects in ((raws, ["petition:P-1", "dossier:P-1"]), (raws[1:], ["petition:P-1"])):
        told = dossier_of("P-1", sent)
        assert [one.id for one in objects_of(told, ZONE, simulated=False)] == objects
        events = list(events_of(told))
        assert len({event.id for event in events}) == len(sent)
        assert events[-1].relations[0] == Relation("petition:P-1", "petition")
        assert events[-1].attributes["dossier"] == "D-9"
        assert all(relation.object != "dossier:D-9" for event in events for relation in event.relations)
