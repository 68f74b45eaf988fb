"""Identity, content and form of entries, as the semantics decide them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from shared.broker.partition import partition_of
from shared.contract.entries import ENTRY_ADAPTER, ENTRY_MODELS, REFERENCE_TYPES, TYPE_RANK, content_hash


def entry(type_: str = "dossier.accepted", **changes: Any) -> dict[str, Any]:
    data = {"channel": "online", "unit": "H99.01"} if type_ == "dossier.accepted" else {}
    base = {"specversion": "1.0", "type": type_, "source": "s", "id": "1", "subject": "d-1"}
    return base | {"time": "2026-08-21T16:00:00+07:00", "data": data} | changes


def test_types_are_those_of_the_table_in_its_order() -> None:
    assert len(ENTRY_MODELS) == 43
    assert [TYPE_RANK[name] for name in ("dossier.submitted", "dossier.accepted", "dossier.handed_over")] == [0, 1, 14]
    petitions = [name.removeprefix("petition.") for name in ENTRY_MODELS if name.startswith("petition.")]
    assert petitions == [
        *("received", "more_asked", "supplemented", "handed_over"),
        *("refused", "answered", "published", "judged"),
    ]
    assert TYPE_RANK["step.assigned"] < TYPE_RANK["quality.rated"] < TYPE_RANK["petition.received"]
    assert len(REFERENCE_TYPES) == 8


def test_hash_is_of_sorted_json_without_nulls() -> None:
    moment = datetime.fromisoformat("2026-08-21T16:00:00+07:00")
    text = '{"data":{"a":"ă"},"time":"2026-08-21T09:00:00.000000Z","type":"dossier.resolved"}'
    assert content_hash("dossier.resolved", moment, {"a": "ă", "b": None}) == hashlib.sha256(text.encode()).hexdigest()


def test_hash_does_not_see_the_zone_but_the_instant() -> None:
    here = content_hash("t", datetime.fromisoformat("2026-08-21T16:00:00+07:00"), None)
    assert here == content_hash("t", datetime.fromisoformat("2026-08-21T09:00:00+00:00"), None)
    assert here != content_hash("t", datetime.fromisoformat("2026-08-21T09:00:00.000001+00:00"), None)


def test_null_data_withdraws_and_absent_data_is_malformed() -> None:
    assert ENTRY_ADAPTER.validate_python(entry(data=None)).data is None
    without = entry()
    del without["data"]
    with pytest.raises(ValidationError):
        ENTRY_ADAPTER.validate_python(without)


@pytest.mark.parametrize(
    "changes",
    [
        {"time": "2026-08-21T16:00:00"},
        {"time": "1066-10-14T09:00:00+00:00"},
        {"type": "dossier.invented"},
        {"specversion": "0.3"},
        {"subject": ""},
        {"revision": -1},
        {"data": {"channel": "online", "unit": "H99", "applicant": "somebody"}},
        {"data": {"channel": "online", "unit": "H99", "promised_due": "next week"}},
        {"data": {"channel": "online", "unit": "H99", "promised_due": "2026-08-25T17:00:00"}},
        {"data": {"channel": "online", "unit": "H99", "promised_due": "9999-01-01"}},
        {"type": "dossier.extended", "data": {"promised_due": "2026-08-25", "reason": "because the chief was away"}},
    ],
)
def test_malformed_entries_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ENTRY_ADAPTER.validate_python(entry(**changes))


def test_partition_is_the_same_for_every_writer() -> None:
    assert [partition_of(code, 4) for code in ("H99.01-261121-0001", "case-10011", "hồ sơ 7")] == [3, 0, 3]
