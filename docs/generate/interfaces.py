"""OpenAPI 3.1 of each service and AsyncAPI 3 of its topics, from the applications; nothing is started or connected."""

from __future__ import annotations

import json
from typing import Any

from services.intake.agencies.documents import OF_UNITS, agency_topics
from services.intake.app import build_app
from services.intake.deadletters.documents import deadletter_topic
from services.intake.settings import IntakeSettings
from services.intake.stream import make_stream
from services.metrics.app import make_app as make_metrics
from services.metrics.documents import asyncapi as asyncapi_of_metrics
from services.metrics.settings import MetricsSettings
from services.processing.app import make_app as make_processing
from services.processing.documents import asyncapi as asyncapi_of_processing
from services.processing.settings import ProcessingSettings

__all__ = ["asyncapi_documents", "openapi_documents"]

#: The broker named in the documents: an example, no address of anybody.
_BROKER = "localhost:9092"


def openapi_documents() -> dict[str, dict[str, Any]]:
    """OpenAPI documents by service."""
    return {
        "intake": build_app(IntakeSettings.model_construct()).openapi(),
        "processing": make_processing(ProcessingSettings.model_construct()).openapi(),
        "metrics": make_metrics(MetricsSettings.model_construct()).openapi(),
    }


def asyncapi_documents() -> dict[str, dict[str, Any]]:
    """AsyncAPI documents by service."""
    # Its dead letters are declared where they are sent, so the application is asked for its broker.
    metrics = make_metrics(MetricsSettings.model_construct(kafka=_BROKER)).state.service
    documents = {
        "intake": make_stream(_BROKER, deadletter_topic(_BROKER), agency_topics(_BROKER), of_units=OF_UNITS).document,
        "processing": asyncapi_of_processing(),
        "metrics": asyncapi_of_metrics(metrics.broker),
    }
    return {name: json.loads(document.to_specification().to_json()) for name, document in documents.items()}
