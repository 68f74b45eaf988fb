"""Mapping files: every mistake is told with its line, in both languages, and the JSON Schema is the committed one."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from motcua.importing.mapping.contract_fields import FILE_TYPES, data_model, field_kind
from motcua.importing.mapping.load import load_mapping
from motcua.importing.mapping.model import schema
from motcua.importing.reasons import ImportFailed, MappingMistakes, Mistake, Reason
from motcua.importing.texts import TEXTS
from tests.unit.motcua.importing.fake_intake import EVENTS, mapping, mistakes

ROOT = Path(__file__).parents[5]


def test_a_good_mapping_has_no_mistakes() -> None:
    assert mistakes(EVENTS) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("source: test/log", "sauce: test/log", 1, "no key 'sauce'. → 'source'?"),
        ("row: event", "row: events", 2, "'events' is not allowed; use 'dossier' or 'event'"),
        ("row: event\n", "row: event\nrow: event\n", 3, "'row' stands here twice"),
        ('"{code}"', "{code}", 3, 'Put double quotes round the value: "{code}"'),
        ('"{code}"', '"{code"', 3, "The braces in '{code' do not match"),
        ('"{code}"', "", 3, "No value"),
        ("%d/%m/%Y %H:%M", "%d/%m %H:%M", 4, "does not name a day"),
        ("formats:", "zone: Asia/Hanoi\nformats:", 4, "'Asia/Hanoi' is no IANA time zone"),
        ("dossier.accepted", "dossier.acepted", 6, "no entry type 'dossier.acepted'. → 'dossier.accepted'?"),
        ("dossier.accepted", "clock.ticked", 6, "'clock.ticked' does not come from files"),
        ("once: true", "once: maybe", 7, "'maybe' is not allowed; use true, false, 'earliest' or 'latest'"),
        ('time: "{opened}"', "", 6, "This entry has no time"),
        ("channel: direct", "chanel: direct", 9, "has no field 'chanel'. → 'channel'?"),
        (", channel: direct", "", 6, "dossier.accepted needs the field 'channel'"),
        ("channel: direct", "channel: {column: c, map: kinds}", 9, "no map 'kinds'"),
        ("channel: direct", "channel: {colunm: c}", 9, "no key 'colunm'. → 'column'?"),
        ("channel: direct", "channel: {column: c, text: d}", 9, "exactly one of column, text, first"),
        ("channel: direct", "channel: {column: c, strict: true}", 9, "strict needs a map"),
        ("channel: direct", "channel: direct, route: x", 9, "'route' is a list"),
        ("    once: true\n", "    when: {column: a}\n", 7, "A condition needs is, not, matches or empty"),
        ("    once: true\n", "    when: {column: a, matches: '(['}\n", 7, "regular expression '([' is wrong"),
        ("    once: true\n", "    sequence: rows\n", 7, "'rows' is no order"),
        ("step.completed", "dossier.accepted", 10, "Two entries are named 'dossier.accepted'"),
        ("row: event", "row: event\nfile: {delimiter: ';;'}", 3, "must be one character / tab"),
        ("row: event", "row: event\nfile: {encoding: utf-88}", 3, "no encoding 'utf-88'"),
        ("row: event", "row: event\nfile: {header_line: zero}", 3, "'zero' has the wrong form"),
        ("row: event", "row: &a event", 2, "anchors"),
        ("row: event", "row: event\n\tzone: x", 3, "Not valid YAML"),
        ("row: event", "- row", 2, "Not valid YAML"),
        ("channel: direct", "channel: '" + "x" * 70 + "'", 9, "The constant"),
    ],
)
def test_a_mistake_names_its_line_and_the_remedy(old: str, new: str, line: int, said: str) -> None:
    assert old in EVENTS
    found = mistakes(EVENTS.replace(old, new, 1))
    assert any(one.startswith(f"m.yaml:{line}: ") and said in one for one in found), found


def test_all_mistakes_are_told_at_once_in_the_order_of_lines() -> None:
    text = EVENTS.replace("%d/%m/%Y %H:%M", "%d").replace("dossier.accepted", "dossier.x").replace("step:", "stap:")
    lines = [int(one.split(":")[1]) for one in mistakes(text)]
    assert lines == sorted(lines)
    assert {4, 6, 12} <= set(lines)


def test_constants_of_a_map_must_fit_the_field() -> None:
    text = (
        EVENTS
        + '  - type: quality.identity_verified\n    time: "{done}"\n    data: {by: {column: v, map: {1: vnid}}}\n'
    )
    assert any("m.yaml:15: entries[2].data.by.map.1: The constant 'vnid'" in one for one in mistakes(text))


def test_yaml_guesses_nothing() -> None:
    made = mapping(EVENTS.replace("channel: direct", "channel: {column: c, map: {no: online, 0102: postal, x: }}"))
    value = made.mapping.entries[0].data["channel"]
    assert value.map == {"no": "online", "0102": "postal", "x": None}


@pytest.mark.parametrize("content", ["", "a", "- a\n- b", "\x00", "a: [", "? [a, b]\n: c", "x" * 1_100_000, "{" * 5000])
def test_rubbish_is_told_not_raised(content: str) -> None:
    assert mistakes(content)


def test_mistakes_are_told_in_vietnamese_too() -> None:
    with pytest.raises(MappingMistakes) as error:
        mapping(EVENTS.replace("row: event", "row: events"))
    assert error.value.text("vi") == ("m.yaml:2: row: Giá trị 'events' không hợp lệ; dùng 'dossier' or 'event'.")


def test_every_text_has_both_languages() -> None:
    for code, text in TEXTS.items():
        assert text.vi.strip(), code
        assert text.en.strip(), code
        assert text.vi != text.en, code


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match=r"Cannot read .*gone\.yaml"):
        load_mapping(tmp_path / "gone.yaml")


def test_the_committed_schema_is_that_of_the_models() -> None:
    committed = json.loads((ROOT / "docs/contract/mapping.schema.json").read_text())
    assert committed == schema(), "run `make docs` and commit docs/contract"


@pytest.mark.parametrize("name", ["receipt", "boston311"])
def test_ready_mappings_satisfy_model_and_schema(name: str) -> None:
    path = ROOT / f"docs/guides/mappings/{name}.yaml"
    load_mapping(path)
    jsonschema.validate(yaml.safe_load(path.read_text()), schema())


def test_kinds_of_fields_are_read_from_the_contract() -> None:
    assert field_kind("dossier.accepted", "promised_due") == "due"
    assert field_kind("dossier.fee_paid", "amount") == "integer"
    assert field_kind("dossier.resolved", "e_result") == "boolean"
    assert field_kind("portal.snapshot", "end") == "instant"
    assert field_kind("dossier.accepted", "unit") == "text"
    dues = {(t, f) for t in FILE_TYPES for f in data_model(t).model_fields if field_kind(t, f) == "due"}
    assert {field for _, field in dues} == {"promised_due", "statutory_due", "due"}


def test_of_many_mistakes_the_first_are_told_and_how_many_more_there_are() -> None:
    many = [Mistake(Path("m.yaml"), line, "entries", Reason("mapping_mistakes", {"count": line})) for line in range(50)]
    lines = MappingMistakes(many).text("vi").splitlines()
    assert (len(lines), lines[-1]) == (21, "+ 30")
