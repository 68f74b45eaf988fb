"""Every text of the contract is declared: brought to one form, kept as sent, or held to a pattern of ASCII."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from shared.contract.entries import ENTRY_ADAPTER, ENTRY_MODELS
from shared.contract.normal_form import bring_to_form, text_members

#: Texts that need no declaration: closed lists, dates and instants, and what intake writes itself.
CLOSED = {"const", "enum", "format"}
OWN = {"sender", "grant"}
DUES = re.compile(r"(promised_due|statutory_due|\bdue)$")


def texts(schema: dict[str, Any], defs: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if "$ref" in schema:
        schema = defs[schema["$ref"].rpartition("/")[2]]
    for each in schema.get("anyOf", ()):
        yield from texts(each, defs, path)
    if schema.get("type") == "string" and not CLOSED & schema.keys():
        yield path, schema
    for name, member in schema.get("properties", {}).items():
        yield from texts(member, defs, f"{path}.{name}" if path else name)
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from texts(schema[name], defs, f"{path}[]")


@pytest.mark.parametrize("type_", ENTRY_MODELS)
def test_no_text_of_the_contract_is_forgotten(type_: str) -> None:
    schema = TypeAdapter(ENTRY_MODELS[type_]).json_schema()
    declared = {path for path, _ in text_members(type_)}
    for path, found in texts(schema, schema.get("$defs", {})):
        ascii_only = "pattern" in found and not found["pattern"].startswith("^[^")
        assert path in declared or ascii_only or path in OWN or DUES.search(path), path
    assert {"id", "source", "subject"} <= declared


def test_kinds() -> None:
    kinds = dict(text_members("route.revised"))
    assert kinds["id"] == kinds["source"] == "as_sent"
    assert kinds["subject"] == kinds["data.procedure"] == kinds["data.steps[].unit"] == "code"
    assert kinds["data.steps[].step"] == kinds["data.steps[].after[]"] == "name"


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"type": 5},
        {"type": []},
        {"type": "no.such"},
        {"type": "step.completed"},
        {"type": "step.completed", "subject": 5, "data": None},
        {"type": "step.completed", "data": ["a "]},
        {"type": "step.completed", "data": {"step": ["a "]}},
        {"type": "route.revised", "data": {"steps": {"a": "b "}}},
        {"type": "route.revised", "data": {"steps": [5, None, {"after": 3}]}},
        {"type": "rule.activated", "data": {"parameters": [" a"]}},
    ],
)
def test_what_is_no_entry_is_left_to_those_who_check_it(entry: dict[str, Any]) -> None:
    brought = bring_to_form(entry)
    assert (brought.faults, brought.more) == ([], 0)


def test_readers_take_what_doors_took_before() -> None:
    old = {
        "specversion": "1.0",
        "type": "dossier.accepted",
        "source": "s\x1b[31m",
        "id": "1\u202e",
        "subject": "HS\u00a0 1\u200b",
        "time": "2026-08-25T08:15:00+07:00",
        "data": {"unit": "..", "channel": "trư\u031bc tiếp "},
    }
    assert ENTRY_ADAPTER.validate_python(old).subject == "HS\u00a0 1\u200b"
