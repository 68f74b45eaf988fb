"""NDJSON lines, journal exports, sorting beyond memory, and the ticks of the data's clock."""

from __future__ import annotations

import gzip
import random
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from motcua.importing.mapping.translate import Prepared
from motcua.importing.reasons import ImportFailed, Refused
from motcua.importing.seen import Seen
from motcua.importing.sort import TimeSorter
from motcua.importing.stream import DataClock, Tick, open_entries
from motcua.importing.tables.ndjson import NdjsonLines
from shared.instants import parse_instant, to_rfc3339
from tests.unit.motcua.importing.fake_intake import EVENTS, mapping

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def entry(id_: str, time: str, **more: Any) -> dict[str, Any]:
    made = {"specversion": "1.0", "id": id_, "source": "s", "subject": "A", "type": "dossier.resolved", "time": time}
    return {**made, "data": {}, **more}


def lines(path: Path, content: bytes) -> tuple[NdjsonLines, list[dict[str, Any]], list[Refused]]:
    path.write_bytes(content)
    made = NdjsonLines(path)
    items = list(made.items())
    entries = [orjson.loads(item.payload) for item in items if isinstance(item, Prepared)]
    return made, entries, [item for item in items if isinstance(item, Refused)]


def test_stamps_are_dropped_and_exports_unwrapped(tmp_path: Path) -> None:
    plain = entry("1", "2025-02-01T00:00:00Z", simulated=True)
    stamped = {**plain, "recordedtime": "2025-02-02T00:00:00Z", "sender": "x", "grant": "[]"}
    exported = {"partition": 0, "offset": 7, "entry": stamped}
    content = b"\n\n".join(map(orjson.dumps, (plain, stamped, exported)))
    for form in (content, b"\xef\xbb\xbf" + content, content.replace(b"\n", b"\r\n"), gzip.compress(content)):
        made, entries, refused = lines(tmp_path / "e.ndjson", form)
        assert entries == [plain] * 3
        assert not refused
        assert made.dossiers == 1


def test_clock_entries_are_left_out_and_their_latest_remembered(tmp_path: Path) -> None:
    tick = entry("t", "2025-03-01T00:00:00Z", type="clock.ticked", subject="clock")
    correction = entry("c", "2025-04-01T00:00:00Z", type="clock.corrected", subject="clock")
    content = b"\n".join(map(orjson.dumps, (tick, correction, entry("1", "2025-02-01T00:00:00Z"))))
    made, entries, _ = lines(tmp_path / "e.ndjson", content)
    assert [e["id"] for e in entries] == ["1"]
    assert made.clock_entries == 2
    assert made.last_clock == parse_instant("2025-03-01T00:00:00Z")


def test_bad_lines_are_told_and_the_others_read(tmp_path: Path) -> None:
    good = orjson.dumps(entry("1", "2025-02-01T00:00:00Z"))
    bad = [
        (b"{", "line_not_json"),
        (b"[1]", "line_not_json"),
        (b"\xff\xfe", "line_not_json"),
        (b'"x"', "line_not_json"),
        (b"{}", "invalid_value"),
        (orjson.dumps(entry("1", "2025-02-01T00:00:00Z", type="dossier.eaten")), "unknown_type"),
        (orjson.dumps(entry("1", "2025-02-01T00:00:00")), "wrong_instant"),
        (orjson.dumps(entry("1", "2025-02-01T00:00:00Z", name="x")), "unknown_field"),
        (orjson.dumps(entry("1", "2025-02-01T00:00:00Z", data={"step": "x"})), "unknown_field"),
        (orjson.dumps(entry("1", "2025-02-01T00:00:00Z", data={"e_result": "yes"})), "wrong_type"),
        (orjson.dumps(entry("x" * 300_000, "2025-02-01T00:00:00Z")), "entry_too_large"),
    ]
    content = b"\n".join([good, *(line for line, _ in bad), good])
    _, entries, refused = lines(tmp_path / "e.ndjson", content)
    assert len(entries) == 2
    assert [(one.line, one.reason.code) for one in refused] == [(n, code) for n, (_, code) in enumerate(bad, start=2)]
    assert all(one.reason.text("vi") and one.reason.text("en") for one in refused)


def test_a_csv_without_mapping_and_ndjson_with_one_say_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ImportFailed, match="add --mapping"):
        open_entries(path, None)
    path.write_bytes(orjson.dumps(entry("1", "2025-02-01T00:00:00Z")))
    with pytest.raises(ImportFailed, match="Leave out --mapping"):
        open_entries(path, mapping(EVENTS))


def prepared(time: int, sequence: int = 0, type_: str = "step.completed", line: int = 1) -> Prepared:
    return Prepared(line, line, time, sequence, type_, "nguồn", "hồ sơ", line % 2 == 0, b"x" * 50)


@pytest.mark.parametrize("memory", [10_000_000, 20_000, 3_000, 1])
def test_sorting_is_the_same_within_and_beyond_memory(tmp_path: Path, memory: int) -> None:
    chance = random.Random(1)
    types = ["dossier.accepted", "step.completed", "dossier.resolved", "route.revised", "unit.revised"]
    given = [
        prepared(chance.randrange(40), chance.randrange(-1, 2), chance.choice(types), number) for number in range(500)
    ]
    sorter = TimeSorter(tmp_path, memory)
    for one in given:
        sorter.add(one)
    # A route names units: registered at the same instant, they go first.
    rank = {name: place for place, name in enumerate(["unit.revised", *types[:1], types[2], types[1], types[3]])}
    wanted = sorted(given, key=lambda one: (one.time, one.sequence, rank[one.type], one.line))
    assert list(sorter.ordered()) == wanted
    assert list(tmp_path.iterdir()) == []


def ticked(path: Path, until: str | None) -> tuple[list[str], DataClock]:
    clock = DataClock(
        NdjsonLines(path),
        HANOI,
        None if until is None else parse_instant(until),
        TimeSorter(path.parent),
        lambda: None,
    )
    return [
        f"tick {to_rfc3339(item.time)[:16]}" if isinstance(item, Tick) else orjson.loads(item.payload)["id"]
        for item in clock.items()
        if not isinstance(item, Refused)
    ], clock


def test_the_clock_ticks_at_local_midnights_the_data_pass_and_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "e.ndjson"
    # Local midnight in Hanoi is 17:00 in UTC.
    times = {"d": "2025-02-05T16:59:59Z", "c": "2025-02-01T17:00:00Z", "a": "2025-02-01T01:00:00Z"}
    times["b"] = "2025-02-01T16:59:00Z"
    path.write_bytes(b"\n".join(orjson.dumps(entry(id_, time)) for id_, time in times.items()))
    order, _ = ticked(path, None)
    assert order == ["a", "b", "tick 2025-02-01T17:00", "c", "tick 2025-02-04T17:00", "d", "tick 2025-02-05T16:59"]
    order, clock = ticked(path, "2025-02-01T17:00:00Z")
    assert order == ["a", "b", "tick 2025-02-01T17:00", "c"]
    assert clock.after_until == 1
    order, _ = ticked(path, "2025-03-01T00:00:00Z")
    assert order[-1] == "tick 2025-03-01T00:00"


def test_an_exports_own_clock_is_reached(tmp_path: Path) -> None:
    path = tmp_path / "e.ndjson"
    tick = entry("t", "2025-02-09T17:00:00Z", type="clock.ticked", subject="clock")
    path.write_bytes(b"\n".join(map(orjson.dumps, (entry("a", "2025-02-01T01:00:00Z"), tick))))
    assert ticked(path, None)[0] == ["a", "tick 2025-02-09T17:00"]


def test_a_file_without_entries_ticks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "e.ndjson"
    path.write_bytes(b'{"x": 1}')
    assert ticked(path, "2025-02-01T17:00:00Z")[0] == []


def test_units_and_procedures_are_no_dossiers(tmp_path: Path) -> None:
    common = {"specversion": "1.0", "source": "s", "time": "2025-01-01T00:00:00Z"}
    accepted = {"unit": "H38.01", "channel": "online"}
    sent = [
        common | {"type": "unit.revised", "id": "1", "subject": "H38.01", "data": {"unit": "H38.01"}},
        common | {"type": "dossier.accepted", "id": "2", "subject": "a", "data": accepted},
        common | {"type": "dossier.returned", "id": "3", "subject": "a", "data": {}},
    ]
    read, entries, refused = lines(tmp_path / "e.ndjson", b"\n".join(orjson.dumps(entry) for entry in sent))
    assert (len(entries), refused, read.dossiers) == (3, [], 1)


def test_the_table_of_seen_entries_grows_and_forgets_nothing() -> None:
    seen = Seen(2)
    for number in range(20_000):
        place = seen.place(f"hồ sơ {number}")
        assert seen.compare(place, 1, b"x") is None
        seen.note(place, 1, b"x", number + 1)
    assert seen.dossiers == 20_000
    for number in range(0, 20_000, 7):
        place = seen.place(f"hồ sơ {number}")
        assert seen.compare(place, 0, b"x") is None
        assert seen.compare(place, 1, b"x") == 0
        assert seen.compare(place, 1, b"y") == number + 1
    assert seen.dossiers == 20_000
