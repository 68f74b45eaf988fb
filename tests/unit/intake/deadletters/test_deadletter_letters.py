"""Letters are read within bounds, and whatever stands on their topic is kept as something."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.deadletters.letters import UNREADABLE, read_letter
from shared.broker.topics import DEADLETTER, JOURNAL
from shared.contract.housekeeping import LARGEST_WHOLE, DeadLetter
from shared.instants import DAY, parse_instant
from tests.unit.intake.deadletters.deadletter_parts import SEEN_AT, Record, letter_record, make_letter

SEEN = parse_instant(SEEN_AT)
NOW = SEEN + DAY


def test_a_letter_is_what_its_service_wrote() -> None:
    letter = read_letter(letter_record(b"{}", at=5), NOW, 0)
    assert (letter.id, letter.at, letter.seen_at) == (f"{JOURNAL}:1:7", 5, SEEN)
    assert (letter.service, letter.reason, letter.key, letter.value) == ("processing", "wrong_key", b"another", b"{}")
    assert (letter.size, letter.cut) == (2, False)


@pytest.mark.parametrize(
    "value",
    [
        b"\xff",
        None,
        b"[1]",
        b"{}",
        letter_record(b"", seen_at="never").value,
        letter_record(b"", seen_at="2026-08-25T01:00:00").value,
        letter_record(b"", topic="a topic").value,
        letter_record(b"", topic="").value,
        letter_record(b"", offset=-1).value,
        letter_record(b"", offset=2**63).value,
        letter_record(b"", partition=2**31).value,
        letter_record(b"", reason="Nguyễn Văn A").value,
        letter_record(b"", service="x" * 65).value,
        letter_record(b"", key="no Base64!").value,
    ],
)
def test_what_is_no_letter_is_kept_as_a_letter_about_itself(value: bytes | None) -> None:
    letter = read_letter(Record(value, b"k", offset=3), NOW, 0)
    assert (letter.id, letter.reason, letter.seen_at) == (f"{DEADLETTER}:0:3", UNREADABLE, NOW)
    assert (letter.value, letter.key, letter.at) == (value, b"k", 3)
    assert "Nguyễn" not in letter.detail


def test_large_ones_are_cut_and_lose_nothing_else() -> None:
    whole = make_letter(bytes(LARGEST_WHOLE))
    assert (whole.cut, len(whole.value or b"")) == (False, LARGEST_WHOLE)
    cut = make_letter(bytes(LARGEST_WHOLE + 1), detail="x" * 9_999, key=base64.b64encode(bytes(9_999)).decode())
    assert (cut.cut, cut.size, len(cut.value or b"")) == (True, LARGEST_WHOLE + 1, 65_536)
    assert (len(cut.detail), len(cut.key or b"")) == (2_000, 1_024)


def test_what_may_name_a_person_is_not_kept() -> None:
    letter = make_letter(b'{"name": "..."}', reason="personal_field")
    assert (letter.value, letter.key, letter.size) == (None, None, 15)


@pytest.mark.parametrize("seen_at", ["1970-01-01T00:00:00Z", "2199-01-01T00:00:00Z"])
def test_a_clock_that_is_off_neither_deletes_nor_keeps_for_ever(seen_at: str) -> None:
    assert read_letter(letter_record(b"", seen_at=seen_at), NOW, NOW - 30 * DAY).seen_at == NOW


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["topic", "key", "x"]), inner),
    ).map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass"))
)
def test_nothing_on_the_topic_fails(value: bytes) -> None:
    letter = read_letter(Record(value), NOW, 0)
    assert letter.id == f"{DEADLETTER}:0:0"
    letter.detail.encode()


@given(
    st.dictionaries(st.sampled_from(["service", "topic", "partition", "offset", "reason", "detail", "key"]), st.text())
)
def test_no_member_of_a_letter_fails(changes: dict[str, Any]) -> None:
    read_letter(letter_record(b"x", **changes), NOW, 0).detail.encode()


def test_too_large_a_record_is_kept_as_its_beginning_and_digest() -> None:
    value = b"{" + bytes(8_000_000)
    record = Record(value, b"k" * 2_000_000, topic="motcua.lifecycle.v1.e1", offset=9)
    written = DeadLetter.of(record, service="metrics", reason="not_json", detail="x" * 9_999, seen_at=SEEN)
    text = written.model_dump_json().encode()
    # The topic takes 4 MiB; before, such a letter was tried five times and dropped.
    assert len(text) < 300_000
    letter = read_letter(Record(text, offset=4), NOW, 0)
    assert (letter.id, letter.cut, letter.size) == ("motcua.lifecycle.v1.e1:0:9", True, len(value))
    assert (letter.value, letter.digest) == (value[:65_536], hashlib.sha256(value).hexdigest())
    small = DeadLetter.of(Record(b"{}", b"k"), service="metrics", reason="not_json", detail="", seen_at=SEEN)
    assert (small.size, small.sha256) == (None, None)
