"""By which key a case is known: no dossier's code can be taken for another kind of key, and states keep theirs."""

from __future__ import annotations

from itertools import product
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processing.audit.trail import NO_CAUSE, Causes
from services.processing.cases import dossier_case
from services.processing.engine import CaseState, apply_entry
from services.processing.record import read_entry
from services.processing.states.form import from_document, to_document
from services.processing.states.layers import HeldState
from services.processing.stream.output import Records
from shared.contract.lifecycle import clock_key
from shared.populations.keys import dossier_key, dossier_of, petition_key
from tests.unit.processing.stream.build import REFERENCE, accepted

PARTS = ("petition:", "dossier:", "clock:", "indicator:", "reference:", "H29", ":", "0", "petition")
CODES = ["".join(parts) for length in (1, 2, 3) for parts in product(PARTS, repeat=length)]


def test_no_two_cases_share_a_key() -> None:
    keys = [key(code) for key in (dossier_key, petition_key) for code in sorted(set(CODES))]
    keys += [clock_key(partition) for partition in range(16)]
    assert len(keys) == len(set(keys))
    assert [dossier_of(dossier_key(code)) for code in CODES] == CODES
    assert [dossier_of(key) for key in (petition_key("H29"), clock_key(0))] == [None, None]
    assert dossier_key("H44.01-261116-0001") == "H44.01-261116-0001", "the key of nearly all is the code"


@given(st.text(min_size=1), st.text(min_size=1))
def test_keys_are_as_different_as_codes(one: str, other: str) -> None:
    assert (dossier_key(one) == dossier_key(other)) == (one == other)
    assert dossier_key(one) != petition_key(other)


def state_of(entry: dict[str, Any]) -> CaseState:
    return apply_entry(None, read_entry(orjson.dumps(entry), 5), None, REFERENCE).state


@pytest.mark.parametrize("code", ["H29", "clock:0", "petition:H29", "dossier:H29"])
def test_a_state_and_its_record_are_known_by_the_key(code: str) -> None:
    state = state_of(accepted(code))
    assert (state.case, state.code) == (dossier_case(code), code)
    document = to_document(HeldState(state, 1, stored=True))
    assert document["_id"] == dossier_key(code)
    assert ("y" in document) == (code != dossier_key(code)), "what nearly all have is not written"
    assert from_document(document).state == state
    key, value = Records(3, 1).case(state.case, 5, 0, {"code": code}, [])
    event = orjson.loads(value)
    assert (key.decode(), event["subject"], event["type"]) == (dossier_key(code), dossier_key(code), "dossier.changed")
    causes = Causes(3, 1)
    assert (causes(key, value), causes(b"other", value)) == (5, NO_CAUSE)
