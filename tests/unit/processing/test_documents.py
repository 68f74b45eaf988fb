"""The AsyncAPI document of processing: every topic it reads or writes, with the form of what is on it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from services.processing.documents import asyncapi
from shared.broker.topics import DEADLETTER, EPOCH, JOURNAL, agency_answers, agency_tasks, lifecycle, reference
from shared.contract.tasks import AGENCY_ADAPTER


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(asyncapi(7).to_specification().to_json())
    return found


def forms(document: dict[str, Any], channel: str) -> set[str]:
    """Names of the schemas of what may be on a channel."""
    (message,) = document["channels"][channel]["messages"].values()
    payload = _at(document, _at(document, message)["payload"])
    return {one["$ref"].rpartition("/")[2] for one in payload.get("oneOf", ())} or {payload["title"]}


def _at(document: dict[str, Any], reference_: dict[str, str]) -> dict[str, Any]:
    found = document
    for part in reference_["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found


def test_all_topics_are_declared_read_or_written(document: dict[str, Any]) -> None:
    told = {(document["channels"][name]["address"], operation["action"]) for name, operation in _operations(document)}
    assert told == {
        (JOURNAL, "receive"),
        (EPOCH, "receive"),
        (lifecycle(7), "receive"),
        (lifecycle(7), "send"),
        (reference(7), "send"),
        (agency_tasks("{unit}"), "send"),
        (agency_answers("{unit}"), "send"),
        (DEADLETTER, "send"),
    }


def _operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(one["channel"]["$ref"].rpartition("/")[2], one) for one in document["operations"].values()]


def test_messages_to_agencies_are_those_of_the_contract(document: dict[str, Any]) -> None:
    schema = AGENCY_ADAPTER.json_schema()
    assert forms(document, "agencyTasks") == {one["$ref"].rpartition("/")[2] for one in schema["oneOf"]}
    assert len(schema["oneOf"]) == 6
    task = document["components"]["schemas"]["TaskData"]
    assert {"task", "dossier", "unit", "step", "budget", "due"} <= task["properties"].keys()
    assert document["channels"]["agencyTasks"]["parameters"].keys() == {"unit"}
    assert forms(document, "agencyAnswers") == {"AnswerJudged"}
    assert document["channels"]["agencyAnswers"]["parameters"].keys() == {"unit"}


def test_reference_and_lifecycle_have_their_forms(document: dict[str, Any]) -> None:
    assert forms(document, "reference") == {"ReferenceRevised"}
    assert (
        forms(document, "lifecycle")
        == forms(document, "lifecycleOfTheLiveEpoch")
        == {
            "DossierChanged",
            "PetitionChanged",
            "IndicatorChanged",
            "ClockAdvanced",
        }
    )
    assert {"CalendarRevised", "ProcedurePublished", "RouteRevised", "RuleActivated", "UnitRevised"} <= forms(
        document, "journal"
    )
