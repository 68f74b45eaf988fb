"""Whole imports against a fake intake: interruptions, repeats, unknown outcomes, refusals, the data's clock."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from motcua.importing.progress import Progress
from motcua.importing.reasons import ImportFailed
from motcua.importing.run import dry_run, preview, run_import
from tests.unit.motcua.importing.fake_intake import EVENTS, FakeIntake, options

HEADER = "code,opened,unit,done,step,group\n"


@pytest.fixture
def log(tmp_path: Path) -> tuple[Path, Path]:
    """Thirty rows of ten dossiers over three days, two rows of them bad, and their mapping."""
    rows = []
    for number in range(30):
        day = f"0{1 + number % 10 % 3}/02/2025"
        rows.append(f"D{number % 10},{day},U,{day} 1{number % 10}:00,s{number},G\n")
    rows.insert(5, "D1,01/02/2025\n")
    rows.insert(20, "D2,03/02/2025,U,soon,s,G\n")
    file, mapping = tmp_path / "log.csv", tmp_path / "m.yaml"
    file.write_text(HEADER + "".join(rows))
    mapping.write_text(EVENTS)
    return file, mapping


def refused_lines(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return [(row["line"], row["code"]) for row in csv.DictReader(opened)]


async def test_an_import_sends_all_and_tells_what_it_did(tmp_path: Path, log: tuple[Path, Path]) -> None:
    intake, seen = FakeIntake(), list[Progress]()
    intake.forbidden = {"D3/dossier.accepted"}
    summary = await run_import(options(intake, tmp_path / "home", log[0], mapping=log[1]), seen.append)
    assert (summary.rows, summary.entries, summary.accepted, summary.refused) == (32, 40, 39, 3)
    assert summary.refused_by_reason == {"ragged_row": 1, "source_not_granted": 1, "time_not_understood": 1}
    assert summary.examples["source_not_granted"] == "5: Not your source. Ask for it."
    assert summary.dossiers == 10
    assert len(intake.identities) == 39
    assert summary.refused_file is not None
    assert refused_lines(summary.refused_file) == [
        ("5", "source_not_granted"), ("7", "ragged_row"), ("22", "time_not_understood")
    ]  # fmt: skip
    assert orjson.dumps(summary.as_dict())
    assert seen[-1].stage == "done"
    assert seen[-1].bytes_read == seen[-1].bytes_total
    assert [one.accepted for one in seen] == sorted(one.accepted for one in seen)
    assert [path.name for path in (tmp_path / "home/imports").iterdir()] == [summary.refused_file.name]


async def test_the_key_and_the_language_are_sent(tmp_path: Path, log: tuple[Path, Path]) -> None:
    intake = FakeIntake()
    await run_import(options(intake, tmp_path, log[0], mapping=log[1], language="vi"))
    for request in intake.requests:
        assert request.headers["Authorization"] == "Bearer mc_test"
        assert request.headers["Accept-Language"] == "vi"


@pytest.mark.parametrize("clock", ["live", "data"])
@pytest.mark.parametrize("after", [0, 1, 4, 9, 15])
async def test_an_interrupted_import_goes_on_without_doubling(
    tmp_path: Path, log: tuple[Path, Path], clock: str, after: int
) -> None:
    home = tmp_path / "home"
    whole = FakeIntake("data")
    wanted = await run_import(options(whole, tmp_path / "other", log[0], mapping=log[1], clock=clock))
    intake = FakeIntake("data")
    intake.dies_after = after
    with pytest.raises(ImportFailed, match="repeat this command: it goes on where it stopped"):
        await run_import(options(intake, home, log[0], mapping=log[1], clock=clock, patience=1.0))
    before = len(intake.journal)
    intake.dies_after = None
    summary = await run_import(options(intake, home, log[0], mapping=log[1], clock=clock))
    # What was in flight when intake died is asked for again; nothing else is.
    assert len(intake.journal) - before <= len(whole.journal) - before + 4
    assert summary.resumed <= before
    assert intake.identities == whole.identities
    ticks = [[e["time"] for e in one.journal if e["type"] == "clock.ticked"] for one in (whole, intake)]
    assert ticks[0] == ticks[1]
    assert (summary.accepted, summary.refused_by_reason) == (wanted.accepted, wanted.refused_by_reason)
    assert summary.refused_file is not None
    assert wanted.refused_file is not None
    assert sorted(refused_lines(summary.refused_file)) == sorted(refused_lines(wanted.refused_file))
    assert not list((home / "imports").glob("*.json"))


async def test_a_complete_import_can_be_repeated(tmp_path: Path, log: tuple[Path, Path]) -> None:
    intake = FakeIntake()
    first = await run_import(options(intake, tmp_path, log[0], mapping=log[1]))
    again = await run_import(options(intake, tmp_path, log[0], mapping=log[1]))
    assert first.accepted == again.accepted == len(intake.identities) == 40
    assert first.refused_file is not None
    assert len(refused_lines(first.refused_file)) == 2


async def test_unknown_outcomes_and_lost_connections_are_sent_again(tmp_path: Path, log: tuple[Path, Path]) -> None:
    intake = FakeIntake()
    intake.unknown_once = {"D0/dossier.accepted", "D7/dossier.accepted"}
    intake.failures = [
        httpx.Response(503, headers={"Retry-After": "2"}, json={"code": "broker_away"}),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.Response(500),
        httpx.Response(429),
    ]
    summary = await run_import(options(intake, tmp_path, log[0], mapping=log[1]))
    assert (summary.accepted, summary.refused) == (40, 2)
    assert len(intake.identities) == 40
    assert 2.0 in intake.paused


async def test_patience_ends_with_one_sentence(tmp_path: Path, log: tuple[Path, Path]) -> None:
    intake = FakeIntake()
    intake.dies_after = 0
    with pytest.raises(ImportFailed) as error:
        await run_import(options(intake, tmp_path, log[0], mapping=log[1], patience=7.0))
    assert 7.0 <= sum(intake.paused) / 2 <= 20.0
    assert "http://intake.test" in error.value.text("vi")
    assert "\n" not in error.value.text("en")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            httpx.Response(401, json={"code": "key_unknown", "detail": "No such key."}),
            "No such key.",
        ),
        (httpx.Response(404), "404"),
        (httpx.Response(200, content=b"<html>"), "does not answer"),
    ],
)
async def test_what_refuses_everything_ends_the_import(
    tmp_path: Path, log: tuple[Path, Path], answer: httpx.Response, said: str
) -> None:
    intake = FakeIntake()
    intake.failures = [answer] * 99
    with pytest.raises(ImportFailed, match=said):
        await run_import(options(intake, tmp_path, log[0], mapping=log[1]))


async def test_a_batch_too_large_is_halved(tmp_path: Path, log: tuple[Path, Path]) -> None:
    intake = FakeIntake()
    intake.failures = [httpx.Response(413), httpx.Response(413)]
    summary = await run_import(options(intake, tmp_path, log[0], mapping=log[1], batch_size=30, in_flight=1))
    assert (summary.accepted, summary.refused) == (40, 2)


async def test_on_the_datas_clock_all_before_a_tick_is_acknowledged(tmp_path: Path, log: tuple[Path, Path]) -> None:
    intake = FakeIntake("data")
    summary = await run_import(
        options(intake, tmp_path, log[0], mapping=log[1], clock="data", until="2025-02-03", in_flight=3)
    )
    clock = ""
    for entry in intake.journal:
        if entry["type"] == "clock.ticked":
            clock = entry["time"]
            assert (entry["subject"], entry["source"]) == ("clock", "test/log")
        assert entry["time"] >= clock
    assert clock == "2025-02-02T17:00:00.000000Z"
    assert (summary.ticks, summary.entries) == (2, 40)
    # Acceptances at the third day's midnight still belong to the instant `until`, its steps do not.
    assert summary.after_until == 9
    assert summary.accepted + summary.after_until == summary.entries


async def test_the_clock_must_be_that_of_the_stack(tmp_path: Path, log: tuple[Path, Path]) -> None:
    with pytest.raises(ImportFailed, match="Leave out --clock data"):
        await run_import(options(FakeIntake("live"), tmp_path, log[0], mapping=log[1], clock="data"))
    summary = await run_import(options(FakeIntake("data"), tmp_path, log[0], mapping=log[1]))
    assert [note.code for note in summary.notes] == ["data_clock_waits"]


async def test_where_the_datas_clock_stands_is_told(tmp_path: Path, log: tuple[Path, Path]) -> None:
    intake = FakeIntake("data")
    intake.last_tick = "2026-03-31T16:59:00.000000Z"
    summary = await run_import(options(intake, tmp_path, log[0], mapping=log[1]))
    assert [note.code for note in summary.notes] == ["data_clock_stands"]
    assert "stands at 2026-03-31 23:59; deadlines are judged up to then" in summary.notes[0].text("en")
    assert "đứng ở 23:59 31/03/2026" in summary.notes[0].text("vi")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"until": "2012-01-24"}, "only goes with --clock data"),
        ({"clock": "data", "until": "soon"}, "--until 'soon' is neither"),
        ({"zone": "Asia/Hanoi"}, "no IANA time zone 'Asia/Hanoi'"),
        ({"mapping": None}, "add --mapping"),
        ({"refused": "SELF"}, "exists and is no file of refused rows"),
        ({"key": "khoá"}, "ASCII"),
        ({"home": Path("/proc/nothing")}, "Cannot write"),
    ],
)
async def test_options_that_cannot_work(
    tmp_path: Path, log: tuple[Path, Path], more: dict[str, Any], said: str
) -> None:
    if more.get("refused") == "SELF":
        more = {"refused": log[0]}
    made = replace(options(FakeIntake("data"), tmp_path, log[0], mapping=log[1]), **more)
    with pytest.raises(ImportFailed, match=said):
        await run_import(made)
    assert log[0].exists()


async def test_a_damaged_archive_ends_with_a_sentence_and_what_was_read_is_in(tmp_path: Path) -> None:
    intake = FakeIntake()
    path = tmp_path / "e.ndjson.gz"
    lines = [
        {"specversion": "1.0", "id": f"{n}", "source": "s", "subject": "A", "type": "dossier.resolved", "data": {}}
        for n in range(3_000)
    ]

    path.write_bytes(
        gzip.compress(b"\n".join(orjson.dumps({**e, "time": "2025-01-01T00:00:00Z"}) for e in lines))[:-40]
    )
    with pytest.raises(ImportFailed, match="damaged or incomplete"):
        await run_import(options(intake, tmp_path, path, batch_size=100))
    assert len(intake.identities) > 100


def test_a_dry_run_shows_the_first_entries(log: tuple[Path, Path]) -> None:
    assert [entry["type"] for entry in dry_run(*log, limit=3)] == [
        "dossier.accepted", "step.completed", "dossier.accepted"
    ]  # fmt: skip
    assert [one.reason.code for one in preview(*log, limit=99).refused] == ["ragged_row", "time_not_understood"]


@pytest.mark.parametrize(("said", "hour"), [("", "08"), ("zone: Asia/Tokyo\n", "00")])
async def test_times_without_offset_are_of_the_stacks_zone_unless_the_mapping_names_one(
    tmp_path: Path, said: str, hour: str
) -> None:
    file, mapping, intake = tmp_path / "log.csv", tmp_path / "m.yaml", FakeIntake()
    file.write_text(HEADER + "D1,14/07/2025,U,14/07/2025 09:30,s,G\n")
    mapping.write_text(said + EVENTS)
    await run_import(options(intake, tmp_path / "home", file, mapping=mapping, zone="Europe/London"))
    assert f"2025-07-14T{hour}:30:00Z" in {entry["time"].replace(".000000", "") for entry in intake.journal}
    shown = preview(file, mapping, zone="Europe/London").entries
    assert [entry["time"] for entry in shown] == [entry["time"] for entry in intake.journal]
