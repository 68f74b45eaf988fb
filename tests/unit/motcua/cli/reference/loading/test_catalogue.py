"""The national catalogue: what is read, and what cannot be read is told row by row."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from pathlib import Path
from unicodedata import normalize

import pytest

from motcua.cli.reference.loading.catalogue import read_catalogue
from shared.contract.entries import ENTRY_ADAPTER

CATALOGUE = Path(__file__).resolve().parents[7] / "shared" / "data" / "tthc_catalog.csv.gz"
ROW = {
    "code": "1.000001",
    "name": "Cấp giấy phép",
    "level": "Cấp tỉnh, Cấp xã",
    "field": "Đất đai",
    "agency": "Sở X",
    "decision": "QĐ 1",
    "online": "3",
    "post": "3",
    "direct": "3",
    "unit_online": "Ngày làm việc",
    "unit_post": "Ngày làm việc",
    "unit_direct": "Ngày làm việc",
}


def always(_valid_from: date | None) -> int:
    return 0


def test_the_national_catalogue_is_read_whole() -> None:
    if not CATALOGUE.exists():
        pytest.skip("needs the catalogue of procedures beside the checkout (shared/data/tthc_catalog.csv.gz)")
    with gzip.open(CATALOGUE, "rt", encoding="utf-8") as file:
        found = read_catalogue(csv.DictReader(file), version="2026", since=always)
    assert (found.rows, len(found.entries)) == (2642, 2642)
    assert found.differing == 138
    assert found.without_term == 483
    assert found.problems == []
    amounts = [term["amount"] for entry in found.entries for term in entry["data"]["terms"]]
    assert amounts.count("1.5") == 1
    for entry in found.entries:
        ENTRY_ADAPTER.validate_python(entry)


def test_one_term_for_all_where_the_channels_agree() -> None:
    (entry,) = read_catalogue([ROW], version="1", since=always).entries
    assert entry["data"]["terms"] == [{"amount": "3", "unit": "working_days"}]
    assert entry["data"]["levels"] == ["province", "commune"]


def test_terms_by_channel_where_they_differ_or_one_is_missing() -> None:
    rows = [
        ROW | {"online": "2"},
        ROW | {"code": "2", "post": "", "unit_post": ""},
        ROW | {"code": "3", "unit_direct": "Giờ", "direct": "8"},
    ]
    first, second, third = read_catalogue(rows, version="1", since=always).entries
    assert [(term["channel"], term["amount"]) for term in first["data"]["terms"]] == [
        ("online", "2"),
        ("postal", "3"),
        ("direct", "3"),
    ]
    assert [term["channel"] for term in second["data"]["terms"]] == ["online", "direct"]
    assert third["data"]["terms"][2]["unit"] == "working_hours"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": ""}, "code"),
        ({"name": ""}, "name"),
        ({"online": "vài"}, "online"),
        ({"online": ""}, "online"),
        ({"unit_post": "tuần"}, "unit_post"),
        ({"unit_post": ""}, "unit_post"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(change: dict[str, str], field: str) -> None:
    found = read_catalogue([ROW, ROW | {"code": "2"} | change, ROW | {"code": "3"}], version="1", since=always)
    (problem,) = found.problems
    assert (problem.line, problem.field, problem.kept) == (3, field, False)
    assert problem.vi
    assert problem.en
    assert [entry["subject"] for entry in found.entries] == ["1.000001", "3"]


def test_a_code_twice_and_an_unknown_level() -> None:
    found = read_catalogue([ROW, ROW, ROW | {"code": "2", "level": "Cấp thôn, Cấp xã"}], version="1", since=always)
    assert [(one.line, one.field, one.kept) for one in found.problems] == [(3, "code", False), (4, "level", True)]
    assert found.entries[1]["data"]["levels"] == ["commune"]


def test_only_the_levels_wanted() -> None:
    rows = [ROW, ROW | {"code": "2", "level": "Cấp bộ"}]
    found = read_catalogue(rows, version="1", since=always, levels=frozenset({"province"}))
    assert [entry["subject"] for entry in found.entries] == ["1.000001"]


def test_words_are_understood_however_they_are_typed() -> None:
    typed = {name: normalize("NFD", text).replace(" ", "\u00a0") for name, text in ROW.items()}
    found = read_catalogue([typed, ROW], version="1", since=always)
    assert found.entries == read_catalogue([ROW], version="1", since=always).entries
    assert [(one.line, one.field) for one in found.problems] == [(3, "code")]
