"""The AsyncAPI document and the metric catalogue say what they should."""

from __future__ import annotations

from typing import Any

import orjson
from faststream.kafka import KafkaBroker

from services.metrics.documents import asyncapi
from services.metrics.follow.deadletters import DeadLetters
from shared.broker.topics import DEADLETTER, EPOCH, lifecycle, reference
from shared.catalogue.base import Meters
from shared.catalogue.metrics import SPECS
from shared.clock import FixedClock


def document() -> dict[str, Any]:
    broker = KafkaBroker("localhost")
    DeadLetters(broker, Meters(SPECS), FixedClock(0))
    found: dict[str, Any] = orjson.loads(asyncapi(broker).to_specification().to_json())
    return found


def test_all_topics_of_metrics_are_described() -> None:
    found = document()
    assert found["asyncapi"].startswith("3.")
    assert {channel["address"] for channel in found["channels"].values()} >= {
        DEADLETTER,
        EPOCH,
        lifecycle(1),
        reference(1),
    }
    actions = sorted(operation["action"] for operation in found["operations"].values())
    assert actions == ["receive", "receive", "receive", "send"]


def test_lifecycle_events_are_told_apart_by_their_type() -> None:
    text = orjson.dumps(document()).decode()
    assert '"discriminator":"type"' in text or '"propertyName":"type"' in text
    assert "DossierChanged" in text
    assert "ClockAdvanced" in text
    assert "EmptyPayload" not in text


def test_every_metric_says_what_to_do() -> None:
    assert len({spec.name for spec in SPECS}) == len(SPECS)
    for spec in SPECS:
        assert spec.meaning, spec.name
        assert spec.remedy, spec.name
        assert spec.name.startswith("motcua_")
        assert (spec.kind == "counter") == spec.name.endswith("_total")
