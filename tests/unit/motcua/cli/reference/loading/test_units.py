"""Units from the divisions of the country and from files, and their mergers, as entries of the contract."""

from __future__ import annotations

from datetime import date
from unicodedata import normalize

import pytest

from motcua.cli.reference.loading.divisions import division_units, file_units
from motcua.cli.reference.loading.merging import hand_over_entries, merge_entries
from shared.contract.entries import ENTRY_ADAPTER


def always(_valid_from: date | None) -> int:
    return 0


def test_the_country_has_34_provinces_and_3321_communes() -> None:
    entries = division_units(always)
    kinds = [entry["data"]["kind"] for entry in entries]
    assert (kinds.count("province"), kinds.count("commune"), len(kinds)) == (34, 3321, 3355)
    assert len({entry["id"] for entry in entries}) == 3355
    provinces = {entry["subject"] for entry in entries if entry["data"]["kind"] == "province"}
    assert all(entry["data"]["parent"] in provinces for entry in entries if entry["data"]["kind"] == "commune")
    for entry in entries:
        ENTRY_ADAPTER.validate_python(entry)


def test_one_province_under_the_code_it_has_as_a_unit() -> None:
    entries = division_units(always, provinces={"15": "H38"})
    assert entries[0]["data"]["name"] == "Lào Cai"
    assert {entry["subject"].split(".")[0] for entry in entries} == {"H38"}
    assert all(entry["subject"].startswith("H38.") for entry in entries[1:])
    with pytest.raises(KeyError):
        division_units(always, provinces={"99": "H1"})


def test_a_file_of_units_and_what_cannot_be_read() -> None:
    rows = [
        {"unit": "H38.08", "parent": "H38", "name": "Sở X", "kind": "department"},
        {"unit": "", "kind": "department"},
        {"unit": "a", "kind": "thôn"},
        {"unit": "b", "valid_from": "1/7/2025"},
    ]
    entries, problems = file_units(rows, always)
    assert [entry["subject"] for entry in entries] == ["H38.08"]
    ENTRY_ADAPTER.validate_python(entries[0])
    assert [(one.line, one.field) for one in problems] == [(3, "unit"), (4, "kind"), (5, "valid_from")]


def test_a_merger_ends_the_units_the_day_before() -> None:
    known = {"H15": {"unit": "H15", "name": "Yên Bái", "kind": "province"}}
    (entry,) = merge_entries(known, "H38", date(2025, 7, 1), "NQ 202", 0, simulated=False)
    assert entry["data"] == {
        "unit": "H15",
        "name": "Yên Bái",
        "kind": "province",
        "valid_to": "2025-06-30",
        "successor": "H38",
        "document": "NQ 202",
    }
    ENTRY_ADAPTER.validate_python(entry)


def test_a_hand_over_has_one_identity_for_each_dossier_and_occasion() -> None:
    first = hand_over_entries({"b": ("H38", 0), "a": ("H38", 5)}, "merge", simulated=True)
    assert [entry["subject"] for entry in first] == ["a", "b"]
    assert first == hand_over_entries({"a": ("H38", 5), "b": ("H38", 0)}, "merge", simulated=True)
    for entry in first:
        ENTRY_ADAPTER.validate_python(entry)
        assert entry["simulated"] is True


def test_a_file_typed_in_another_way_tells_the_same() -> None:
    rows = [{"unit": "Sở Y tế", "parent": "Tỉnh Huế", "name": "Sở Y tế", "kind": "department"}]
    typed = [{name: f" {normalize('NFD', text)} ".replace(" ", "\u00a0") for name, text in rows[0].items()}]
    assert file_units(typed, always) == file_units(rows, always)
    assert file_units(typed, always)[0][0]["id"] == "unit.revised Sở Y tế always"


def test_a_merger_names_units_in_one_form() -> None:
    known = {normalize("NFD", "Sở A"): {"unit": normalize("NFD", "Sở A")}}
    (entry,) = merge_entries(known, "Sở\u00a0B", date(2025, 7, 1), None, 0, simulated=False)
    assert (entry["subject"], entry["data"]["unit"], entry["data"]["successor"]) == ("Sở A", "Sở A", "Sở B")
