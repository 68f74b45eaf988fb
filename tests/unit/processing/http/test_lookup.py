"""A dossier is found by its code as asked, else in normal form; a dry run takes and refuses what the door would."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from services.processing.app import make_app
from services.processing.cases import Case
from services.processing.http.reference_api import _chosen
from services.processing.settings import ProcessingSettings
from shared.reference import ReferenceEntry
from tests.unit.metrics.known import known, unit


@pytest.mark.parametrize(
    ("asked", "there", "found"),
    [
        ("HS\u00a01 ", ["HS 1"], "HS 1"),
        (unicodedata.normalize("NFD", "Hồ sơ"), ["Hồ sơ"], "Hồ sơ"),
        ("HS  1", ["HS 1", "HS  1"], "HS  1"),
        ("HS  1", ["HS  1"], "HS  1"),
        ("HS 1", ["HS  1"], None),
        ("HS\u200b1", ["HS1"], None),
    ],
)
async def test_a_code_as_asked_goes_before_its_normal_form(
    monkeypatch: pytest.MonkeyPatch, asked: str, there: list[str], found: str | None
) -> None:
    service: Any = make_app(ProcessingSettings()).state.service

    async def held(case: Case) -> str | None:
        return case.code if case.key in there else None

    monkeypatch.setattr(service, "_find", held)
    assert await service.find(asked) == found


def test_reference_entries_about_a_code_are_found_the_same_way() -> None:
    held: list[ReferenceEntry] = list(known(unit("Sở Y tế"), unit("U  V"), unit("U V")).entries)

    def about(code: str) -> list[Any]:
        return [(entry.data or {})["unit"] for entry in _chosen(held, "unit", code)]

    assert about(unicodedata.normalize("NFD", "Sở\u00a0Y tế")) == ["Sở Y tế"]
    assert (about("U  V"), about("U   V"), about("W")) == (["U  V"], ["U V"], [])
    assert len(_chosen(held, None, None)) == 3
