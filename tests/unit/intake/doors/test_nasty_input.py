"""Whatever comes in, it is admitted by the contract or refused by a problem: nothing crashes, nothing slips through."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
)

from services.intake.admission.admit import admit
from shared.contract.entries import ENTRY_ADAPTER, ENTRY_MODELS
from shared.problems.problem import Problem
from tests.unit.intake.parts import NOW, REAL, entry, grant, make_parts

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
_MEMBERS = st.sampled_from([*entry(), "revision", "sequence", "simulated", "sender", "recordedtime", "dataschema", "x"])


def _admitted_or_refused(sent: bytes) -> None:
    try:
        admitted = admit(sent, grant("sender", "clock", "admin"), REAL, NOW)
    except Problem as problem:
        assert 400 <= problem.status < 500  # noqa: PT017 (both outcomes are right)
        for language in ("vi", "en"):
            json.dumps(problem.body(language)).encode()
    else:
        ENTRY_ADAPTER.validate_json(admitted.value)
        assert json.loads(admitted.value)["sender"] == "one-stop"
        assert admitted.time <= NOW + 120_000_000


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_random_bytes(sent: bytes) -> None:
    _admitted_or_refused(sent)


@given(_JSON)
@settings(max_examples=300)
def test_random_json(value: Any) -> None:
    _admitted_or_refused(json.dumps(value).encode("utf-8", "surrogatepass"))


@given(st.dictionaries(_MEMBERS, _JSON, min_size=1, max_size=3), st.sampled_from(sorted(ENTRY_MODELS)))
@settings(max_examples=600)
def test_entries_with_random_members(changes: dict[str, Any], type_: str) -> None:
    _admitted_or_refused(json.dumps(entry(type=type_) | changes).encode("utf-8", "surrogatepass"))


@given(st.data())
@settings(max_examples=300)
def test_entries_with_bytes_changed(data: st.DataObject) -> None:
    sent = bytearray(json.dumps(entry(), ensure_ascii=False).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        sent[data.draw(st.integers(0, len(sent) - 1))] = data.draw(st.integers(0, 255))
    _admitted_or_refused(bytes(sent))


@given(st.dictionaries(st.sampled_from(["channel", "unit", "route", "promised_due", "hoTen"]), _JSON, max_size=4))
@settings(max_examples=300)
def test_entries_with_random_data(data: dict[str, Any]) -> None:
    _admitted_or_refused(json.dumps(entry(data=data)).encode("utf-8", "surrogatepass"))


@schemathesis.serializer("application/x-ndjson")
def _as_it_is(_context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


_parts = make_parts()
_config = schemathesis.Config()
# Every boundary of 41 entry types takes a minute; the strategies above cover them sooner.
_config.projects.default.phases.coverage.enabled = False
_schema = schemathesis.openapi.from_asgi("/openapi.json", _parts.app, config=_config)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@_schema.exclude(path_regex="^/(health|metrics)").parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_doors_keep_to_their_document(case: schemathesis.Case[Any]) -> None:
    # The key is given to every call here, also to those meant to go without (test_api.py tests those); and a schema
    # cannot tell that an entry is of the future, personal, or of a kind this stack does not take.
    excluded = [ignored_auth, positive_data_acceptance]
    if case.operation.path == "/v1/senders/me":
        # The address is also that of a sender to delete, though none can have this name.
        excluded.append(allow_header_conformance)
    if case.operation.path in ("/v1/entries:batch", "/v1/reference:check"):
        # A bad line is refused by its own result, in an answer that is good.
        excluded.append(negative_data_rejection)
    case.call_and_validate(headers={"X-Api-Key": "mc_admin"}, excluded_checks=excluded)
