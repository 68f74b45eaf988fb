"""Tables read back are the rows that went in, cell by cell; files are whole or not there."""

from __future__ import annotations

import gzip
import io
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.exporting import parquet_file, run
from motcua.exporting.csv_file import CsvFile, guarded
from motcua.exporting.dossiers import Facts
from motcua.exporting.formats import Chosen, FormatUnknown, choose
from motcua.exporting.judged import class_by_date, on_time_by_instant
from motcua.exporting.parquet_file import ParquetFile, schema
from motcua.exporting.tables import FACT_TABLES, JOURNAL, RAW, Column, entry_row
from motcua.exporting.target import stream, whole_file
from shared.instants import to_datetime
from shared.populations.dossiers import DOSSIERS
from shared.texts.signs import odd_sign, visible
from tests.unit.motcua.exporting.making import ZONE, Journal, export, journal, names, reader, use

COLUMNS = (Column("text"), Column("number", "integer"), Column("yes", "boolean"), Column("at", "time"), Column("more"))
#: Texts as sources may write them: anything JSON carries.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(A1)",
        "'quoted",
        "＝1",
        "\t=1",
        "a,b;c",
        'a "b"',
        "a\r\nb",
        "😀 ữ",
        "\0",
        "",
        "\x1b]0;title\x07",
        "HS\u202e01",
        "\x9b2J",
    ]
)
ROWS = st.lists(
    st.tuples(
        st.none() | TEXTS,
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.booleans(),
        st.none() | st.integers(-(10**15), 10**15),
        st.none() | TEXTS,
    ),
    max_size=20,
)


@pytest.fixture(scope="module")
def made() -> Journal:
    return journal()


def read_csv(data: bytes, columns: Any) -> list[tuple[Any, ...]]:
    """A CSV file as its own schema says, guards taken off."""
    found = pl.read_csv(data, schema=schema(columns), missing_columns="raise")
    return [
        tuple(cell[1:] if isinstance(cell, str) and cell.startswith("'") else cell for cell in row)
        for row in found.rows()
    ]


def as_read(rows: Any, columns: Any) -> list[tuple[Any, ...]]:
    """Rows with their instants as datetimes."""
    return [
        tuple(
            to_datetime(cell) if column.kind == "time" and cell is not None else cell
            for cell, column in zip(row, columns, strict=True)
        )
        for row in rows
    ]


def seen(text: str) -> str:
    """A text as CSV holds it: what nobody sees by its code point, save line ends and tabs within quotes."""
    return visible(text, "\t\r\n")


@given(ROWS)
def test_csv_gives_back_what_went_in(rows: list[tuple[Any, ...]]) -> None:
    out = io.BytesIO()
    table = CsvFile(out, COLUMNS)
    for row in rows:
        table.add(row)
    assert read_csv(out.getvalue(), COLUMNS) == [
        tuple(seen(cell) if isinstance(cell, str) else cell for cell in row) for row in as_read(rows, COLUMNS)
    ]


@given(TEXTS)
def test_no_cell_is_a_formula(text: str) -> None:
    assert guarded(text)[:1] not in set("=+-@\t\r\n＝＋－＠")
    assert (guarded(text)[1:] if guarded(text).startswith("'") else guarded(text)) == seen(text)


@given(TEXTS)
def test_no_cell_steers_a_terminal(text: str) -> None:
    assert odd_sign(guarded(text).translate(dict.fromkeys(map(ord, "\t\r\n")))) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(ROWS)
def test_parquet_gives_back_what_went_in(tmp_path: Path, rows: list[tuple[Any, ...]]) -> None:
    path = tmp_path / "t.parquet"
    with ParquetFile(path, COLUMNS, {"motcua.simulated": "true"}) as table:
        for row in rows:
            table.add(row)
        table.finish()
    found = pl.read_parquet(path)
    assert dict(found.schema) == schema(COLUMNS)
    assert found.rows() == as_read(rows, COLUMNS)
    assert pl.read_parquet_metadata(path)["motcua.simulated"] == "true"
    assert names(tmp_path) == ["t.parquet"]


async def test_the_tables_of_a_journal(made: Journal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use(monkeypatch, made.topics)
    monkeypatch.setattr(parquet_file, "_ROWS", 7)  # several parts
    read = reader(tmp_path)
    dossiers = [one async for one in read.dossiers(facts=True)]
    entries = [one for dossier in dossiers for one in dossier.entries] + read.reference()
    expected = as_read(map(entry_row, entries), JOURNAL)

    done = await export(tmp_path / "j.parquet")
    assert pl.read_parquet(tmp_path / "j.parquet").rows() == expected
    assert (done.rows, done.entries, done.reference) == (len(expected), len(expected) - 1, 1)
    await export(tmp_path / "j.csv.gz")
    assert read_csv(gzip.decompress((tmp_path / "j.csv.gz").read_bytes()), JOURNAL) == expected

    of_dossiers = {what: table for what, table in FACT_TABLES.items() if table.population is DOSSIERS}
    for what, table in of_dossiers.items():
        facts = [(one.code, one.partition, one.facts, ZONE) for one in dossiers if one.facts is not None]
        rows = as_read([row for one in facts for row in table.rows(*one)], table.columns)
        assert (await export(tmp_path / f"{what}.parquet", what)).rows == len(rows) >= len(made.sent)
        assert pl.read_parquet(tmp_path / f"{what}.parquet").rows() == rows
        await export(tmp_path / f"{what}.csv", what)
        assert read_csv((tmp_path / f"{what}.csv").read_bytes(), table.columns) == rows


async def test_raw_is_every_record(made: Journal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use(monkeypatch, made.topics)
    await export(tmp_path / "r.parquet", raw=True)
    found = pl.read_parquet(tmp_path / "r.parquet")
    records = [one for (topic, _), held in sorted(made.topics.held.items()) if topic == "journal" for one in held]
    assert found.columns == [column.name for column in RAW]
    assert found.select("partition", "offset").rows() == [(one.partition, one.offset) for one in records]
    assert [at.timestamp() * 1000 for at in found["appended_at"]] == [one.timestamp for one in records]
    problems = found.filter(pl.col("problem").is_not_null())
    assert sorted(problems["problem"]) == ["not_json", "wrong_kind", "wrong_partition"]
    assert problems.filter(problem="not_json").select("subject", "data").rows() == [(None, None)]
    withdrawn = found.filter(data="null")
    assert len(withdrawn) == sum(one["data"] is None for sent in made.sent.values() for one in sent) > 0


DUE = datetime(2026, 8, 20, 10, tzinfo=UTC)  # 17:00 local time


@pytest.mark.parametrize(
    ("judged", "more", "in_time", "by_date"),
    [
        (DUE, {}, True, "same_day"),
        (DUE + timedelta(microseconds=1), {}, False, "same_day"),
        (DUE + timedelta(hours=7), {}, False, "late"),
        (DUE - timedelta(hours=17, microseconds=1), {}, True, "early"),
        (DUE + timedelta(days=9), {"finish": "withdrawn"}, False, "same_day"),
        (DUE + timedelta(days=9), {"due": None}, True, "same_day"),
        (DUE + timedelta(days=9), {"due": None, "limit": DUE.isoformat()}, False, "same_day"),
        (DUE, {"second_request_at": (DUE - timedelta(days=1)).isoformat()}, False, "same_day"),
        (DUE, {"second_request_at": (DUE + timedelta(days=1)).isoformat()}, True, "same_day"),
        (None, {"finished_at": None}, None, None),
    ],
)
def test_the_two_tests(
    judged: datetime | None, more: dict[str, Any], in_time: bool | None, by_date: str | None
) -> None:
    text = None if judged is None else judged.isoformat()
    row = {"accepted_at": "2026-08-03T00:00:00Z", "finished_at": text, "judged_at": text, "finish": "resolved"}
    row |= {"due": DUE.isoformat(), **more}
    assert (on_time_by_instant(row), class_by_date(row, ZONE)) == (in_time, by_date)


def test_what_the_wire_leaves_out_is_told_with_its_default() -> None:
    table = FACT_TABLES["steps"]
    facts = Facts({"unit": "U", "steps": [{"step": "s"}]}, 0, 1)
    row = dict(zip((column.name for column in table.columns), next(table.rows("D", 0, facts, ZONE)), strict=True))
    assert (row["occurrence"], row["planned"], row["simulated"], row["unit"]) == (1, False, False, None)


async def test_a_broken_export_leaves_what_was_there(
    made: Journal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use(monkeypatch, made.topics)
    for name in ("a.csv", "a.csv.gz", "a.parquet", "a.xes", "a.jsonocel", "a.sqlite"):
        file = tmp_path / name
        file.write_text("before")
        with monkeypatch.context() as broken:

            def fail(*_: Any) -> None:
                raise KeyboardInterrupt

            broken.setattr(made.topics, "read_topic", fail)
            use(broken, made.topics)
            with pytest.raises(KeyboardInterrupt):
                await export(file)
        assert file.read_text() == "before"
    assert names(tmp_path) == ["a.csv", "a.csv.gz", "a.jsonocel", "a.parquet", "a.sqlite", "a.xes"]


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    def write() -> None:
        with stream(str(tmp_path / "x.csv"), packed=True) as out:
            out.write(b"half")
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        write()
    assert names(tmp_path) == []


def test_a_new_file_may_be_read_by_those_who_may_read_others(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with whole_file(str(tmp_path / "x")) as path:
            path.write_bytes(b"1")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o640


def test_equal_exports_are_equal_bytes(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        with stream(str(tmp_path / name), packed=True) as out:
            out.write(b"same")
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


@pytest.mark.parametrize(
    ("file", "asked", "chosen"),
    [
        ("a.csv", None, Chosen("csv", packed=False)),
        ("A.CSV.GZ", None, Chosen("csv", packed=True)),
        ("a.xes.gz", None, Chosen("xes", packed=True)),
        ("a.json", None, Chosen("ocel-json", packed=False)),
        ("a.sqlite", None, Chosen("ocel-sqlite", packed=False)),
        ("-", "csv", Chosen("csv", packed=False)),
        ("a.dat", "parquet", Chosen("parquet", packed=False)),
        ("a.parquet.gz", None, None),
        ("a", None, None),
        ("a.csv", "xlsx", None),
    ],
)
def test_the_form_of_a_file(file: str, asked: str | None, chosen: Chosen | None) -> None:
    if chosen is None:
        with pytest.raises(FormatUnknown):
            choose(file, asked)
    else:
        assert choose(file, asked) == chosen
        assert chosen.streams is (chosen.format not in ("parquet", "ocel-sqlite"))


def test_loading_the_command_does_not_load_polars() -> None:
    assert "pl" not in vars(run)
