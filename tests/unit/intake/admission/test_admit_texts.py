"""Texts that name something reach the journal in one form, by whichever way they were typed; odd signs do not."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.admission.admit import Admitted, admit
from services.intake.admission.parsing import parse_object
from services.processing.record import read_entry
from shared.access.bearer import Bearer
from shared.problems.problem import Problem
from shared.texts.signs import odd_sign
from tests.unit.intake.parts import NOW, REAL, body, entry, grant

WAYS = [
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: text.replace(" ", "\u00a0"),
    lambda text: text.replace(" ", "\u3000 \u2009"),
    lambda text: f" \u202f{text}\u00a0",
]


def taken(key: Bearer | None = None, **changes: Any) -> Admitted:
    return admit(body(**changes), key or grant(), REAL, NOW)


def refusal(key: Bearer | None = None, **changes: Any) -> Problem:
    with pytest.raises(Problem) as refused:
        taken(key, **changes)
    return refused.value


def value(admitted: Admitted) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(admitted.value)
    return found


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_type_a_text_is_one_entry(way: Any) -> None:
    data = {
        "unit": "Sở Nội vụ",
        "receiving_unit": "Một cửa Huế",
        "procedure": "Đất đai 1.01",
        "channel": "trực tiếp",
        "route": [{"step": "Thẩm định", "unit": "Phòng Đo đạc"}],
    }
    plain = taken(subject="HSMĐ Thẩm 01", data=data)
    typed = json.loads(json.dumps(data))
    for holder in (typed, typed["route"][0]):
        holder.update({name: way(text) for name, text in holder.items() if isinstance(text, str)})
    found = taken(subject=way("HSMĐ Thẩm 01"), data=typed)
    assert (found.value, found.key, found.subject) == (plain.value, plain.key, plain.subject)
    assert read_entry(found.value, 0).hash == read_entry(plain.value, 0).hash
    assert (plain.changed, plain.sent_subject) == (0, None)
    assert found.changed >= 5
    assert found.sent_subject == way("HSMĐ Thẩm 01")


@pytest.mark.parametrize(
    ("type_", "data", "kept"),
    [
        ("dossier.handed_over", {"unit": "H1\u00a0A"}, {"unit": "H1 A"}),
        ("step.completed", {"step": "ky\u0301  duye\u0323\u0302t "}, {"step": "ký duyệt"}),
        ("step.sent_back", {"step": " b", "to": "a "}, {"step": "b", "to": "a"}),
        ("petition.received", {"dossier": "PA \u2003 1"}, {"dossier": "PA 1"}),
    ],
)
def test_texts_of_other_entries(type_: str, data: dict[str, Any], kept: dict[str, Any]) -> None:
    found = taken(type=type_, data=data)
    assert value(found)["data"] == kept
    assert found.changed == len(data)


@pytest.mark.parametrize(
    ("type_", "data", "kept"),
    [
        (
            "unit.revised",
            {"unit": "Sở\u00a0Y tế", "parent": " H1", "name": "So\u031b\u0309 Y tế", "successor": "H2 "},
            {"unit": "Sở Y tế", "parent": "H1", "name": "Sở Y tế", "successor": "H2"},
        ),
        (
            "procedure.published",
            {"procedure": "1.0 ", "version": " 1", "field": "Đất  đai", "terms": []},
            {"procedure": "1.0", "version": "1", "field": "Đất đai", "terms": []},
        ),
        (
            "route.revised",
            {"procedure": "1.0", "version": "1", "steps": [{"step": "a\u00a0b", "role": "r ", "after": ["a  b"]}]},
            {"procedure": "1.0", "version": "1", "steps": [{"step": "a b", "role": "r", "after": ["a b"]}]},
        ),
        (
            "rule.activated",
            {"rule": "deadlines", "version": "1", "parameters": {"warning_hours": "24,\u00a04", "fee_pauses": True}},
            {"rule": "deadlines", "version": "1", "parameters": {"warning_hours": "24, 4", "fee_pauses": True}},
        ),
        (
            "calendar.revised",
            {"calendar": "xa\u0303", "version": "1", "days": [{"day": "2026-01-01", "working": False, "name": "Tết "}]},
            {"calendar": "xã", "version": "1", "days": [{"day": "2026-01-01", "working": False, "name": "Tết"}]},
        ),
    ],
)
def test_reference_entries_too(type_: str, data: dict[str, Any], kept: dict[str, Any]) -> None:
    assert value(taken(grant("reference"), type=type_, data=data))["data"] == kept


def test_the_grant_is_held_against_the_unit_as_it_is_kept() -> None:
    key = grant(units=["Sở Nội vụ"])
    assert taken(key, data={"unit": unicodedata.normalize("NFD", "Sở\u00a0Nội vụ"), "channel": "online"}).changed == 1
    assert refusal(key, data={"unit": "sở nội vụ", "channel": "online"}).code == "unit_not_granted"


def test_identity_is_never_changed() -> None:
    found = taken(source="hcm/một\u00a0cửa ", id="a\u0301  1 ")
    assert (found.source, found.id, found.changed) == ("hcm/một\u00a0cửa ", "a\u0301  1 ", 0)


def test_a_text_is_as_long_as_it_is_kept() -> None:
    assert taken(subject=unicodedata.normalize("NFD", "ệ" * 128)).subject == "ệ" * 128
    assert refusal(subject="ệ" * 129).code == "wrong_length"
    assert (refusal(subject=" \u00a0 ").code, refusal(subject=" ").field) == ("wrong_length", "subject")


@pytest.mark.parametrize(
    ("sign", "name"),
    [
        ("\x1b", "U+001B"),
        ("\t", "U+0009"),
        ("\x7f", "U+007F"),
        ("\x85", "U+0085"),
        ("\u200b", "U+200B"),
        ("\u00ad", "U+00AD"),
        ("\u202e", "U+202E"),
        ("\u2067", "U+2067"),
        ("\u2028", "U+2028"),
        ("\ufeff", "U+FEFF"),
        ("\ufe0f", "U+FE0F"),
        ("\U000e0061", "U+E0061"),
        ("\ue000", "U+E000"),
        ("\u0378", "U+0378"),
    ],
)
@pytest.mark.parametrize("field", ["subject", "source", "id", "data.unit", "data.route[1].step", "dataschema"])
def test_a_sign_nobody_sees_is_refused_by_its_code_point(sign: str, name: str, field: str) -> None:
    text, sent = f"HS{sign}1", entry()
    if field == "data.unit":
        sent["data"]["unit"] = text
    elif field.startswith("data.route"):
        sent["data"]["route"] = [{"step": "a", "unit": "b"}, {"step": text, "unit": "b"}]
    else:
        sent[field] = text
    with pytest.raises(Problem) as refused:
        admit(json.dumps(sent).encode(), grant(), REAL, NOW)
    problem = refused.value
    assert (problem.status, problem.code, problem.field, problem.value) == (422, "odd_sign", field, f"HS<{name}>1")
    for language in ("vi", "en"):
        told = problem.body(language)
        assert name in told["detail"]
        assert " 3" in told["detail"]
        assert name in told["remedy"]


def test_all_faults_are_listed_and_personal_members_go_before_them() -> None:
    problem = refusal(subject="..", source="a\u200b", data={"unit": "b\x9b", "channel": "online"})
    assert [(error.field, error.code) for error in problem.errors] == [
        ("source", "odd_sign"),
        ("subject", "code_of_dots"),
        ("data.unit", "odd_sign"),
    ]
    data = {"unit": "b\u200b", "channel": "online", "applicant_name": "A"}
    assert refusal(data=data).code == "personal_field"


@pytest.mark.parametrize("code", [".", "..", " ..\u00a0"])
@pytest.mark.parametrize("member", ["unit", "procedure"])
def test_codes_that_are_steps_of_a_path_are_refused(code: str, member: str) -> None:
    assert refusal(subject=code).code == "code_of_dots"
    problem = refusal(data={"unit": "x", "channel": "online"} | {member: code})
    assert (problem.code, problem.field) == ("code_of_dots", f"data.{member}")
    assert taken(type="step.completed", data={"step": ".."}).subject == "HS-1"


@pytest.mark.parametrize("code", ["a/b", "a/../b", "a%2Fb", "a?b=1", "a#b", "a\\b", "…", "a;1", "...", "\"'"])
def test_other_signs_of_addresses_stay(code: str) -> None:
    found = taken(subject=code)
    assert (found.subject, found.changed) == (code, 0)


def test_half_of_a_sign_is_named() -> None:
    with pytest.raises(Problem) as refused:
        parse_object(b'{"subject": "HS\\udc80"}')
    assert refused.value.code == "not_json"
    assert "U+DC80" in refused.value.body("en")["detail"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_what_passes_passes_again_unchanged(text: str) -> None:
    sent = entry(subject=f"H{text}", data={"unit": f"H{text}", "channel": "online"})
    if odd_sign(text) is not None:
        assert refusal(**sent).code == "odd_sign"
        return
    first = admit(json.dumps(sent).encode(), grant(), REAL, NOW)
    kept = value(first)
    again = admit(json.dumps({**kept, "sender": None, "recordedtime": None}).encode(), grant(), REAL, NOW)
    assert (again.value, again.changed) == (first.value, 0)
