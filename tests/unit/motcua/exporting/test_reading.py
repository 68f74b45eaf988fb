"""Which dossiers, entries and facts an export is of: those processing has, whatever the memory and the selection."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from motcua.exporting import holding, reading
from motcua.exporting.dossiers import Dossier, Facts
from motcua.exporting.entries import Entry, Place, Unfit, check, pack, unpack
from motcua.exporting.selection import Selection, units_below
from motcua.sorting import Sorter
from services.processing.entitling.covering import grant_in_entry, union_of
from services.processing.facts import holding as engine
from services.processing.record import EntryRecord, read_entry
from services.processing.states.layers import HeldState
from services.processing.stream.judge import Rejected, read_record, take_entry
from shared.instants import DAY, parse_instant
from shared.populations.dossiers import DOSSIERS
from shared.reference import ReferenceEntry
from tests.unit.motcua.exporting.making import (
    GRANTS,
    PARTITIONS,
    START,
    Journal,
    Record,
    entry,
    journal,
    names,
    reader,
    use,
)
from tests.unit.processing.stream.build import REFERENCE


@pytest.fixture(scope="module")
def made() -> Journal:
    return journal()


def held_by_processing(sent: list[dict[str, Any]]) -> list[EntryRecord]:
    """What the engine's own code holds of what was sent."""
    kept: list[EntryRecord] = []
    for one in (read_entry(orjson.dumps(raw), 0) for raw in sent):
        same = next((other for other in kept if engine.same_content(one, other)), None)
        if same is None:
            kept.append(one)
        else:
            first, second = (one, same) if engine.precedes(one, same) else (same, one)
            kept[kept.index(same)] = replace(first, grant=union_of((first.grant, second.grant)))
    return engine.hold(sorted(kept, key=lambda one: one.key)).entries


def compared(one: Any) -> tuple[Any, ...]:
    grant = grant_in_entry(one.grant)
    return (
        one.type,
        one.source,
        one.id,
        one.time,
        one.sequence,
        one.revision,
        one.data,
        one.sender,
        one.recorded,
        grant,
    )


async def test_what_holds_is_what_holds_in_processing(
    made: Journal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use(monkeypatch, made.topics)
    read = reader(tmp_path)
    found = {one.code: one async for one in read.dossiers(facts=True)}
    assert found.keys() == made.sent.keys()
    for code, dossier in found.items():
        assert [*map(compared, dossier.entries)] == [*map(compared, held_by_processing(made.sent[code]))]
        assert dossier.facts is not None
        assert dossier.facts.row["entries"] == len(made.sent[code])
    grants = {one.grant for dossier in found.values() for one in dossier.entries}
    assert {None, "[]", '["*"]', '["U1"]', '["U1","U2"]'} <= grants, "of one, of several, and of none"
    assert read.unfit == {"wrong_partition": 1, "not_json": 1, "wrong_kind": 1}
    assert [(one.type, (one.data or {})["name"]) for one in read.reference()] == [("unit.revised", "Hai cửa")]
    assert names(tmp_path) == []


async def test_a_memory_of_nothing_changes_nothing(
    made: Journal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use(monkeypatch, made.topics)
    at_once = [one async for one in reader(tmp_path).dossiers(facts=True)]
    monkeypatch.setattr(reading, "_ROWS_HELD", 1)
    monkeypatch.setattr(reading, "Sorter", lambda folder: Sorter(folder, memory=2_000))
    assert [one async for one in reader(tmp_path).dossiers(facts=True)] == at_once


async def test_a_selection_is_of_whole_dossiers(made: Journal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use(monkeypatch, made.topics)

    async def codes(**wanted: Any) -> set[str]:
        read = reader(tmp_path, Selection(**wanted))
        with_entries = {one.code async for one in read.dossiers(facts=False)}
        assert not read.reference()
        facts = {one.code async for one in reader(tmp_path, Selection(**wanted)).cases(DOSSIERS)}
        raw = {(one.value or {})["subject"] async for one in reader(tmp_path, Selection(**wanted)).records()}
        assert with_entries == facts == raw
        return facts

    assert await codes(codes=frozenset({"D-001", "D-017", "nobody"})) == {"D-001", "D-017"}
    assert await codes(units=frozenset({"U1"})) == {code for code in made.sent if code.endswith("1")}
    times = {code: made.rows[code]["accepted_at"] for code in made.rows}
    begin, end = START + 3 * DAY, START + 9 * DAY
    in_period = {code for code, text in times.items() if begin <= parse_instant(text) < end}
    assert 0 < len(in_period) < len(times)
    assert await codes(begin=begin, end=end) == in_period
    assert await codes(begin=begin, end=end, codes=frozenset(sorted(in_period)[:2])) == set(sorted(in_period)[:2])


def test_units_below_a_unit() -> None:
    tree = {"H": None, "H.1": "H", "H.1.2": "H.1", "K": None, "L": "K"}
    known = [{"unit": unit, "parent": parent} for unit, parent in tree.items()]
    assert units_below(known, "H") == {"H", "H.1", "H.1.2"}
    assert units_below(known, "L") == {"L"}


def test_a_dossier_takes_no_more_than_processing_lets_it() -> None:
    place = Place(0, 0, 0)

    def read(number: int) -> Any:
        raw = orjson.dumps(entry("dossier.returned", "D", str(number), START, {}))
        return unpack(pack(check(b"D", raw, place, 1, simulated=False)[1], raw, place), 0)

    many = [read(number) for number in range(holding.ENTRY_CAP)]
    assert len(holding.hold([*many, read(1), read(holding.ENTRY_CAP)])) == holding.ENTRY_CAP


def test_a_dossier_takes_no_more_bytes_than_processing_lets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Random entries, repeats and copies under other grants, taken by processing itself until it refuses."""
    monkeypatch.setattr(holding, "LARGEST_DOSSIER", 4_000)
    monkeypatch.setattr("services.processing.stream.judge.LARGEST_DOSSIER", 4_000)
    rng = random.Random(20261201)
    refused = 0
    for _ in range(40):
        taken: HeldState | None = None
        received = []
        for offset in range(30):
            data = {"step": "x" * rng.choice((5, 60, 120))}
            raw = entry("step.completed", "D", str(rng.randrange(6)), START, data)
            raw |= {"revision": rng.randrange(2), "sequence": rng.randrange(3)} | rng.choice(GRANTS)
            value = orjson.dumps(raw)
            place = Place(0, offset, 0)
            received.append(unpack(pack(check(b"D", value, place, 1, simulated=False)[1], value, place), 0))
            try:
                found = take_entry(taken, read_entry(value, offset), len(value), None, REFERENCE)
            except Rejected as rejected:
                refused += rejected.reason == "dossier_too_big"
                continue
            taken = HeldState(found.outcome.state, found.size, stored=False)
        assert taken is not None
        held = engine.hold(taken.state.entries).entries
        assert [*map(compared, holding.hold(received))] == [*map(compared, held)]
    assert refused > 100


GOOD = entry("step.assigned", "D-1", "1", START, {"step": "s", "unit": "u", "budget": "90"})
CLOCK = entry("clock.ticked", "clock", "t", START, {})
UNIT = entry("unit.revised", "U1", "1", START, {"unit": "U1"})
SURVEY = {"indicator": "x", "unit": "U1", "first_day": "2026-01-01", "last_day": "2026-01-31", "value": "1"}
FIGURE = entry("indicator.entered", "D-1", "1", START, SURVEY)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (b"D-1", orjson.dumps(GOOD)),
        (b"D-1", orjson.dumps(GOOD | {"simulated": True})),
        (b"D-1", orjson.dumps(GOOD | {"simulated": False, "data": None})),
        (b"D-2", orjson.dumps(GOOD)),
        (None, orjson.dumps(GOOD)),
        (b"D-1", orjson.dumps(GOOD | {"type": "nothing"})),
        (b"D-1", orjson.dumps(GOOD | {"time": "2026-08-03"})),
        *((b"D-1", orjson.dumps(GOOD | {"grant": grant})) for grant in ('["u"]', "[]", '"u"', "no", '["u",1]', '[""]')),
        (b"clock", orjson.dumps(CLOCK | {"grant": "no"})),
        (b"reference", orjson.dumps(UNIT | {"grant": "no"})),
        (b"D-1", b"[]"),
        (b"D-1", None),
        (b"clock", orjson.dumps(CLOCK)),
        (b"clock", orjson.dumps(CLOCK | {"simulated": True})),
        (b"D-1", orjson.dumps(CLOCK)),
        (b"reference", orjson.dumps(UNIT)),
        (b"clock", orjson.dumps(UNIT)),
        (b"D-1", orjson.dumps(FIGURE)),
        (b"reference", orjson.dumps(FIGURE)),
        (b"clock", orjson.dumps(FIGURE)),
        (b"reference", orjson.dumps(UNIT | {"simulated": True})),
    ],
)
@pytest.mark.parametrize("partition", range(PARTITIONS))
@pytest.mark.parametrize("simulated", [False, True])
def test_an_entry_is_what_processing_reads_as_one(
    key: bytes | None, value: bytes | None, partition: int, simulated: bool
) -> None:
    record = Record(partition, 7, 5, key, value)
    try:
        theirs: Any = read_record(record, PARTITIONS, simulated=simulated)
    except Rejected as rejected:
        with pytest.raises(Unfit, match=rejected.reason):
            check(key, value, Place(partition, 7, 5), PARTITIONS, simulated=simulated)
        return
    kind, model = check(key, value, Place(partition, 7, 5), PARTITIONS, simulated=simulated)
    assert (kind == "copy") is (theirs is None)
    if theirs is None:
        return
    assert (kind == "reference") is isinstance(theirs, ReferenceEntry)
    mine = unpack(pack(model, value or b"", Place(partition, 7, 5)), partition)
    names = ("type", "source", "id", "subject", "time", "sequence", "revision", "data", "hash")
    assert [getattr(mine, name) for name in names] == [getattr(theirs, name) for name in names]


def test_cases_of_one_subject_hold_apart_and_figures_without_a_cap() -> None:
    sent = [entry("indicator.entered", "D-1", str(number), START, SURVEY) for number in range(holding.ENTRY_CAP + 5)]
    sent += [entry("petition.received", "D-1", "1", START, {}), GOOD]
    sent += [FIGURE | {"revision": 1, "data": SURVEY | {"value": "2"}}]
    received = []
    for offset, raw in enumerate(sent):
        value, place = orjson.dumps(raw), Place(0, offset, 0)
        received.append(unpack(pack(check(b"D-1", value, place, 1, simulated=False)[1], value, place), 0))
    held = holding.hold(received)
    assert len(held) == holding.ENTRY_CAP + 5 + 2
    assert sorted(one.type for one in held if one.id == "1") == [
        "indicator.entered",
        "petition.received",
        "step.assigned",
    ]
    assert [one.data and one.data.get("value") for one in held if (one.type, one.id) == ("indicator.entered", "1")] == [
        "2"
    ]


def test_a_life_has_no_entered_figures() -> None:
    """In a log each would be an event of a dossier, and a subject of figures alone a dossier that there is not."""

    def read(raw: dict[str, Any]) -> Entry:
        value, place = orjson.dumps(raw), Place(0, 0, 0)
        return unpack(pack(check(b"D-1", value, place, 1, simulated=False)[1], value, place), 0)

    figure, act = read(entry("indicator.entered", "D-1", "1", START, SURVEY)), read(GOOD)
    assert Dossier("D-1", 0, [figure], None).life is None
    mixed = Dossier("D-1", 0, [figure, act], None)
    assert mixed.life == Dossier("D-1", 0, [act], None)
    assert mixed.is_one
    alone = Dossier("D-1", 0, [act], None)
    assert alone.life is alone
    told = Facts({"code": "D-1"}, 1, 1)
    assert Dossier("D-1", 0, [figure], told).life == Dossier("D-1", 0, [], told)
