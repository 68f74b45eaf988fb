"""Process logs and object-centric logs: valid whatever texts sources write, and read by pm4py as they were meant."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from motcua.exporting.dossiers import Dossier, Facts
from motcua.exporting.entries import Place, check, pack, unpack
from motcua.exporting.logs.mapping import mapping_of
from motcua.exporting.logs.ocel import EVENT_TYPES, OBJECT_TYPES, named, objects_of
from motcua.exporting.logs.ocel_json import OcelJson
from motcua.exporting.logs.xes import XesLog
from motcua.importing.mapping.load import read_mapping
from shared.contract.entries import ENTRY_MODELS
from shared.instants import DAY, HOUR, parse_instant, to_rfc3339
from tests.unit.motcua.exporting.making import START, ZONE, Journal, entry, export, journal, reader, use
from tests.unit.motcua.exporting.test_tables import TEXTS

READER = Path(__file__).with_name("pm4py_reader.py")
XES = "{http://www.xes-standard.org/}"
#: What the schema of the standard says of values, as patterns.
VALUES = {
    "string": re.compile(r".*", re.DOTALL),
    "int": re.compile(r"-?\d+"),
    "boolean": re.compile(r"true|false"),
    "date": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00"),
}
NAME = re.compile(r"[A-Za-z_:][A-Za-z0-9_:.-]*")


@pytest.fixture(scope="module")
def made() -> Journal:
    return journal()


@pytest.fixture(scope="module")
def read_back(made: Journal, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What pm4py reads in the exports of a journal, and the dossiers they are of."""
    folder = tmp_path_factory.mktemp("logs")
    files = [folder / name for name in ("log.xes.gz", "log.jsonocel", "log.sqlite")]

    async def write() -> list[Dossier]:
        for file in files:
            await export(file)
        return [one async for one in reader(folder).dossiers(facts=True)]

    with pytest.MonkeyPatch.context() as patch:
        use(patch, made.topics)
        dossiers = run_async(write())
    done = subprocess.run(
        [sys.executable, str(READER), *map(str, files)], capture_output=True, text=True, timeout=250, check=True
    )
    told: dict[str, Any] = json.loads(done.stdout.partition("\n=====\n")[2])
    return told | {"dossiers": dossiers}


def run_async(work: Any) -> Any:
    import asyncio

    return asyncio.new_event_loop().run_until_complete(work)


def elements(root: Any) -> list[str]:
    return [child.tag.removeprefix(XES) for child in root]


def check_attributes(parent: Any) -> None:
    keys = [child.get("key") for child in parent if child.tag.removeprefix(XES) in VALUES]
    assert len(keys) == len(set(keys))
    for child in parent:
        kind = child.tag.removeprefix(XES)
        if kind in VALUES:
            assert NAME.fullmatch(child.get("key"))
            assert VALUES[kind].fullmatch(child.get("value"))


def check_log(root: Any) -> None:
    """What the schema of IEEE 1849 asks of a log, and what its globals and classifiers promise."""
    assert root.tag == f"{XES}log"
    order = ["extension", "global", "classifier", *VALUES, "trace"]
    places = [order.index(kind) if kind not in VALUES else 3 for kind in elements(root)]
    assert places == sorted(places)
    check_attributes(root)
    promised = {part.get("scope"): {child.get("key") for child in part} for part in root.iter(f"{XES}global")}
    assert promised == {
        "trace": {"concept:name"},
        "event": {"concept:name", "time:timestamp", "lifecycle:transition"},
    }
    for classifier in root.iter(f"{XES}classifier"):
        assert set(classifier.get("keys").split()) <= promised["event"]
    prefixes = {part.get("prefix") for part in root.iter(f"{XES}extension")}
    for scope in ("trace", "event"):
        for part in root.iter(f"{XES}{scope}"):
            check_attributes(part)
            keys = {child.get("key") for child in part if child.get("key")}
            assert promised[scope] <= keys
            assert {key.partition(":")[0] for key in keys if ":" in key} <= prefixes
            if scope == "trace":
                assert elements(part) == sorted(elements(part), key=lambda kind: kind == "event")


def dossier_of(code: str, raws: list[dict[str, Any]]) -> Dossier:
    entries = []
    for offset, raw in enumerate(raws):
        value, place = orjson.dumps(raw), Place(0, offset, 0)
        model = check(code.encode(), value, place, 1, simulated=bool(raw.get("simulated")))[1]
        entries.append(unpack(pack(model, value, place), 0))
    return Dossier(code, 0, entries, None)


def test_pm4py_reads_the_process_log(read_back: dict[str, Any]) -> None:
    dossiers: list[Dossier] = read_back["dossiers"]
    told = read_back["xes"]
    transitions = {"step.assigned": "start", "step.sent_back": "ate_abort"}
    expected = [
        [
            one.code,
            (held.data or {})["step"] if held.type.startswith("step.") else held.type,
            transitions.get(held.type, "complete"),
            held.source,
            held.id,
            held.time,
        ]
        for one in dossiers
        for held in one.entries
    ]
    # pm4py sorts the events of its table by time; within a trace they stand in the order of entries.
    assert sorted(told["events"]) == sorted(expected)
    assert [event[:-1] for event in told["events"]] == [event[:-1] for event in expected]
    assert told["due"] == {one.code: parse_instant(one.facts.row["due"]) for one in dossiers if one.facts is not None}
    assert told["simulated"] == [False]
    assert told["variants"] > 5


@pytest.mark.parametrize("form", ["json", "sqlite"])
def test_pm4py_reads_the_object_centric_log(read_back: dict[str, Any], form: str) -> None:
    dossiers: list[Dossier] = read_back["dossiers"]
    told = read_back[form]
    held = [(one.code, entry) for one in dossiers for entry in one.entries]
    identity = {id(entry): "/".join(escape(part) for part in (code, entry.source, entry.id)) for code, entry in held}
    assert told["events"] == sorted([identity[id(entry)], entry.type, entry.time] for _, entry in held)
    e2o = []
    for code, one in held:
        data, own = one.data or {}, identity[id(one)]
        e2o.append([own, f"dossier:{code}", "dossier"])
        e2o += [[own, f"unit:{data['unit']}", "unit"]] if "unit" in data else []
        e2o += [[own, f"unit:{data['receiving_unit']}", "receiving unit"]] if "receiving_unit" in data else []
        e2o += [[own, f"procedure:{escape(data['procedure'])}", "procedure"]] if "procedure" in data else []
        e2o += [[own, f"step:{code}/{data['step']}", "step"]] if "step" in data else []
    assert told["e2o"] == sorted(e2o)
    named_by_events = {target for _, target, _ in e2o}
    assert [name for name, _ in told["objects"]] == sorted(named_by_events)
    # Nobody petitioned; those who did are tried in test_populations.
    assert {kind for _, kind in told["objects"]} == set(OBJECT_TYPES) - {"petition"}
    assert all(name.startswith(f"{kind}:") for name, kind in told["objects"])

    for dossier in dossiers:
        own = f"dossier:{dossier.code}"
        accepted = [entry for entry in dossier.entries if entry.type == "dossier.accepted"]
        moves = [entry for entry in dossier.entries if entry.type == "dossier.handed_over"]
        if not accepted:
            continue
        units = [(accepted[0].data or {})["unit"]]
        expected = []
        for move in moves:
            unit = (move.data or {})["unit"]
            if unit != units[-1] and move.time >= accepted[0].time:
                units.append(unit)
                expected.append([own, "unit", unit, move.time])
        assert told["units"][own] == units[0]
        assert [change for change in told["changes"] if change[0] == own] == sorted(expected)
        accountable = [target for source, target, word in told["o2o"] if (source, word) == (own, "accountable")]
        assert accountable == [f"unit:{units[-1]}"]
    assert any(name.startswith("dossier:") for name, *_ in told["changes"])
    assert any(name.startswith("step:") for name, *_ in told["changes"])


def test_both_object_centric_forms_tell_the_same(read_back: dict[str, Any]) -> None:
    assert read_back["json"] == read_back["sqlite"]
    assert read_back["unsatisfied"] == []


def escape(part: str) -> str:
    return part.replace("%", "%25").replace("/", "%2F")


@settings(max_examples=25, deadline=None)
@given(TEXTS.filter(bool), TEXTS.filter(bool), TEXTS.filter(bool), st.booleans())
def test_a_log_of_any_texts_is_valid(source: str, id_: str, step: str, simulated: bool) -> None:
    more = {"source": source, "simulated": simulated}
    raws = [entry("step.completed", "D & <1>", id_, START, {"step": step, "unit": 'U "1"'}, **more)]
    raws.append(
        entry("dossier.accepted", "D & <1>", id_ + "2", START, {"unit": "U", "channel": "x", "route": []}, **more)
    )
    out = io.BytesIO()
    log = XesLog(out, ZONE, simulated=simulated)
    log.add(dossier_of("D & <1>", raws))
    log.finish()
    root = etree.fromstring(out.getvalue())
    check_log(root)
    event = {child.get("key"): child.get("value") for child in next(root.iter(f"{XES}event"))}
    kept = {"source": source, "entry_id": id_, "step": step, "concept:name": step, "unit": 'U "1"'}
    assert {name: event[name] for name in kept} == {
        name: re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
        for name, text in kept.items()
    }
    assert [child.get("value") for child in root if child.get("key") == "simulated"] == [str(simulated).lower()]
    assert log.members == {"step.completed": {"step", "unit"}, "dossier.accepted": {"unit", "channel"}}


@settings(max_examples=25, deadline=None)
@given(TEXTS.filter(bool), TEXTS.filter(bool))
def test_an_object_centric_log_of_any_texts_is_valid(id_: str, step: str) -> None:
    raws = [entry("step.assigned", "D/1", id_, START, {"step": step, "unit": "U/%2F", "budget": "90"})]
    out = io.BytesIO()
    with OcelJson(out, Path("/tmp"), ZONE, simulated=True) as log:  # noqa: S108 - a nameless file
        log.add(dossier_of("D/1", raws))
        log.finish()
    told = orjson.loads(out.getvalue())
    objects = {one["id"]: one for one in told["objects"]}
    assert set(objects) == {"dossier:D%2F1", named("step", "D/1", step), named("unit", "U/%2F")}
    for one in objects.values():
        code = "U/%2F" if one["type"] == "unit" else "D/1"
        assert {"name": "code", "value": code, "time": "1970-01-01T00:00:00.000000Z"} in one["attributes"]
        assert any(part["name"] == "simulated" and part["value"] is True for part in one["attributes"])
    assert {"name": "budget", "value": 90} in told["events"][0]["attributes"]


def test_every_entry_type_has_its_attributes() -> None:
    assert EVENT_TYPES.keys() == ENTRY_MODELS.keys()
    resolved, accepted = EVENT_TYPES["dossier.resolved"], EVENT_TYPES["dossier.accepted"]
    assert (resolved["e_result"], accepted["route"], accepted["unit"]) == ("boolean", "string", "string")
    assert EVENT_TYPES["step.assigned"]["budget"] == EVENT_TYPES["dossier.fee_paid"]["amount"] == "integer"


def test_who_has_a_step_changes_with_time() -> None:
    raws = [
        entry("step.assigned", "D", "1", START, {"step": "s", "unit": "U", "budget": 60}),
        entry("step.assigned", "D", "2", START + HOUR, {"step": "s", "unit": "V", "budget": 60}),
        entry("step.completed", "D", "3", START + 2 * HOUR, {"step": "s", "unit": "V"}),
    ]
    out = io.BytesIO()
    with OcelJson(out, Path("/tmp"), ZONE, simulated=False) as log:  # noqa: S108 - a nameless file
        log.add(dossier_of("D", raws))
        log.finish()
    step = next(one for one in orjson.loads(out.getvalue())["objects"] if one["type"] == "step")
    changes = [(one["name"], one["value"], one["time"]) for one in step["attributes"] if one["name"] == "unit"]
    assert changes == [("unit", "U", "1970-01-01T00:00:00.000000Z"), ("unit", "V", "2026-08-03T02:00:00.123457Z")]
    assert [one["objectId"] for one in step["relationships"]] == ["dossier:D", "unit:U", "unit:V"]


def test_only_hand_overs_with_effect_change_who_is_accountable() -> None:
    def moved(id_: str, days: int, unit: str) -> dict[str, Any]:
        return entry("dossier.handed_over", "D", id_, START + days * DAY, {"unit": unit})

    raws = [
        moved("0", -1, "early"),
        entry("dossier.accepted", "D", "1", START, {"unit": "A", "channel": "online"}),
        moved("2", 1, "B"),
        moved("5", 1, "not entitled"),
        entry("step.assigned", "D", "6", START + DAY, {"step": "s", "unit": "not entitled"}),
        moved("3", 2, "A"),
        moved("4", 9, "late"),
    ]
    row: dict[str, Any] = {"unit": "A", "accepted_at": to_rfc3339(START), "finished_at": to_rfc3339(START + 8 * DAY)}
    row["rejections"] = [{"code": "not_entitled", "source": "test/a", "id": id_} for id_ in ("5", "6", "7")]
    raws.append(entry("dossier.accepted", "D", "7", START - DAY, {"unit": "not entitled", "channel": "online"}))
    own = dossier_of("D", raws)
    made, step = objects_of(Dossier("D", 0, own.entries, Facts(row, 4, 1)), ZONE, simulated=False)
    assert [one.name for one in step.attributes] == ["code", "simulated", "step"], (
        "its event needs it, and nobody has it"
    )
    units = [(one.value, one.time) for one in made.attributes if one.name == "unit"]
    assert units == [("A", None), ("B", START + DAY), ("A", START + 2 * DAY)]
    related = [(one.object, one.qualifier) for one in made.relations]
    assert related == [("unit:A", "accountable"), ("unit:B", "was accountable")]


def test_the_mapping_is_one() -> None:
    every = {
        name: {"unit"} if name == "dossier.handed_over" else set[str]()
        for name in ("dossier.handed_over", "portal.sent")
    }
    loaded = read_mapping(mapping_of(every, simulated=True).encode(), Path("m.yaml"))
    assert loaded.mapping.simulated
    assert [rule.type for rule in loaded.mapping.entries] == ["dossier.handed_over", "portal.sent"]
