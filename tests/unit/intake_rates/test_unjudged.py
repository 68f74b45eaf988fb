"""Which entries nobody judges by their sender's units, and that their sources do not fill the metrics."""

from __future__ import annotations

import pytest

from services.intake.stamps.unjudged import Sources, is_unjudged
from services.processing.entitling.entitle import is_judged
from shared.contract.entries import CLOCK_TYPES, ENTRY_MODELS, REFERENCE_TYPES


@pytest.mark.parametrize("kind", sorted({*ENTRY_MODELS} - {*CLOCK_TYPES} - {*REFERENCE_TYPES}))
def test_what_processing_does_not_judge_is_counted_by_its_source(kind: str) -> None:
    assert is_unjudged(kind) != is_judged(kind)


def test_a_sender_of_many_sources_fills_no_metrics() -> None:
    sources = Sources()
    told = [sources.label(f"kiosk/{number}") for number in range(60)]
    assert told[:50] == [f"kiosk/{number}" for number in range(50)]
    assert set(told[50:]) == {"*"}
    assert sources.label("kiosk/7") == "kiosk/7"
