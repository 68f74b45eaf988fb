"""Entries sent in binary mode, or several in a message: refused in words about the way they were sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.intake.doors.cloudevents.mode import in_words_of_mode
from shared.problems.problem import Problem

BINARY = [
    ("ce_specversion", b"1.0"),
    ("ce_type", b"dossier.accepted"),
    ("ce_source", b"agency/H29.4"),
    ("ce_id", b"1"),
    ("content-type", b"application/json"),
]
DATA = {"unit": "H29.4", "channel": "direct"}
WHOLE = {"specversion": "1.0", "type": "dossier.accepted", "data": DATA}


def told(
    code: str, headers: Any, body: bytes, *, topic: bool = True, reason: str = "", field: str = ""
) -> tuple[str, str, str]:
    problem = in_words_of_mode(Problem(422, code, reason=reason, field=field or None), headers, body, topic=topic)
    return problem.code, problem.body("vi")["remedy"], problem.body("en")["remedy"]


@pytest.mark.parametrize("body", [json.dumps(DATA).encode(), b"", b"null", b"\xff", b'"text"'])
@pytest.mark.parametrize(
    ("headers", "topic"),
    [
        (BINARY, True),
        ([(name.upper(), value) for name, value in BINARY], True),
        ([(name.replace("_", "-"), value.decode()) for name, value in BINARY], False),
        ([("ce_type", None)], True),
    ],
)
def test_binary_mode_is_named_with_what_to_do(headers: Any, topic: bool, body: bytes) -> None:
    code, vi, en = told("missing_field", headers, body, topic=topic, field="specversion")
    assert code == "binary_mode"
    assert "structured mode" in vi
    assert "one JSON object, content-type application/cloudevents+json" in en


def test_a_whole_entry_keeps_its_own_words_whatever_headers_it_has() -> None:
    assert told("missing_field", BINARY, json.dumps(WHOLE).encode(), field="id")[0] == "missing_field"
    trace = [("traceparent", b"00-1"), ("content-type", b"application/cloudevents+json")]
    assert told("missing_field", trace, json.dumps(DATA).encode(), field="specversion")[0] == "missing_field"


def test_personal_members_are_named_first() -> None:
    assert told("personal_field", BINARY, b'{"hoTen": "X"}', field="hoTen")[0] == "personal_field"


@pytest.mark.parametrize(
    ("code", "headers", "body"),
    [
        ("not_an_object", [], json.dumps([WHOLE, WHOLE]).encode()),
        ("not_an_object", [("Content-Type", b"application/cloudevents-batch+json; charset=utf-8")], b"[]"),
        ("not_json", [("content-type", b"application/cloudevents-batch+json")], b"[{]"),
        ("not_json", [], json.dumps(WHOLE).encode() + b"\r\n" + json.dumps(WHOLE).encode() + b"\n"),
    ],
)
def test_a_batch_in_an_outbox_is_to_be_sent_message_by_message(code: str, headers: Any, body: bytes) -> None:
    kept, vi, en = told(code, headers, body, reason="trailing characters")
    assert kept == code
    assert "each entry of the batch as a message of its own" in en
    assert "mỗi mục của lô thành một bản ghi riêng" in vi
    assert "/v1/" not in vi + en
    # By HTTP there is an address for many.
    assert (
        in_words_of_mode(Problem(400, "not_an_object"), headers, body, topic=False)
        .body("en")["remedy"]
        .endswith("/v1/entries:batch.")
    )


def test_what_is_no_json_for_another_reason_is_told_as_it_was() -> None:
    _, _, en = told("not_json", [], b'{"a": 1}\nnot json', reason="trailing characters")
    assert en == "Send one JSON text (RFC 8259) in UTF-8."
