"""The committed reference is what the code says; its HTTP and topic documents hold together."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from docs.generate.catalogue import SERVICES
from docs.generate.documents import documents
from docs.generate.settings import PROGRAMS, variable
from shared.broker.topics import agency_answers, agency_outbox, agency_tasks, lifecycle, topic_specs

ROOT = Path(__file__).resolve().parents[4]
DOCS = ROOT / "docs"
MADE = documents()
OPENAPI = sorted(name for name in MADE if "/openapi/" in name)
ASYNCAPI = sorted(name for name in MADE if "/asyncapi/" in name)


@pytest.mark.parametrize("name", sorted(MADE))
def test_committed_reference_is_current(name: str) -> None:
    committed = (DOCS / name).read_text(encoding="utf-8")
    assert committed == MADE[name], "run `make docs` and commit docs"


def test_reference_depends_on_neither_hash_seed_nor_environment(tmp_path: Path) -> None:
    other = {"PYTHONHASHSEED": "1", "MOTCUA_KAFKA": "elsewhere:9", "MOTCUA_PARTITIONS": "7", "MOTCUA_EPOCH": "7"}
    command = [sys.executable, "-m", "docs.generate", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, env=os.environ | other, check=True, capture_output=True)
    assert {name: (tmp_path / name).read_text(encoding="utf-8") for name in MADE} == MADE


def test_every_setting_has_its_variable_and_meaning() -> None:
    for settings in PROGRAMS.values():
        for name, field in settings.model_fields.items():
            assert field.description, f"{settings.__name__}.{name} has no description"
            assert f"`{variable(name)}`" in MADE["settings.md"]


def test_every_metric_is_in_the_reference() -> None:
    for specs in SERVICES.values():
        for spec in specs:
            assert f"| `{spec.name}` | {spec.kind} |" in MADE["metrics.md"]


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, member in node.items():
            if key == "$ref" and isinstance(member, str):
                yield member
            yield from _references(member)
    elif isinstance(node, list):
        for member in node:
            yield from _references(member)


def _found(document: Any, reference: str) -> bool:
    assert reference.startswith("#/"), f"{reference} points outside of the document"
    for part in reference[2:].split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(document, dict) or name not in document:
            return False
        document = document[name]
    return True


@pytest.mark.parametrize("name", OPENAPI + ASYNCAPI)
def test_every_reference_within_a_document_resolves(name: str) -> None:
    document = json.loads(MADE[name])
    assert [one for one in set(_references(document)) if not _found(document, one)] == []


@pytest.mark.parametrize("name", OPENAPI + ASYNCAPI)
def test_schemas_of_a_document_are_json_schemas(name: str) -> None:
    for schema in json.loads(MADE[name])["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


@pytest.mark.parametrize("name", OPENAPI)
def test_openapi_document_says_what_every_operation_answers(name: str) -> None:
    document = json.loads(MADE[name])
    assert document["openapi"].startswith("3.1.")
    assert document["info"]["title"]
    assert document["info"]["version"]
    ids = [operation["operationId"] for _, operation in _operations(document)]
    assert len(ids) == len(set(ids))
    for called, operation in _operations(document):
        assert operation["summary"], called
        answers = operation["responses"]
        assert any(status.startswith("2") for status in answers), called
        errors = {status for status in answers if status == "default" or status.startswith(("4", "5"))}
        assert "default" in errors, called
        for status in errors:
            assert list(answers[status]["content"]) == ["application/problem+json"], f"{called}: {status}"
        for parameter in operation.get("parameters", []):
            assert parameter["in"] in {"path", "query", "header"}, called
            if parameter["in"] == "path":
                assert parameter["required"], called
                assert "{" + parameter["name"] in called


@pytest.mark.parametrize("service", ["intake", "processing", "metrics"])
def test_every_service_documents_health_and_metrics(service: str) -> None:
    paths = json.loads(MADE[f"contract/openapi/{service}.json"])["paths"]
    assert {"/health/live", "/health/ready", "/metrics"} <= set(paths)


@pytest.mark.parametrize("name", ASYNCAPI)
def test_asyncapi_document_holds_together(name: str) -> None:
    document = json.loads(MADE[name])
    assert document["asyncapi"].startswith("3.")
    assert document["info"]["title"]
    assert document["channels"]
    for operation in document["operations"].values():
        assert operation["action"] in {"send", "receive"}
        assert operation["channel"]["$ref"].removeprefix("#/channels/") in document["channels"]
    for message in document["components"]["messages"].values():
        payload = message["payload"]["$ref"].removeprefix("#/components/schemas/")
        assert document["components"]["schemas"][payload], "a message without form"
        assert payload != "EmptyPayload", f"{message['title']} has no payload: FastStream ignores names like _entry"


def test_asyncapi_documents_cover_every_topic_once_written() -> None:
    written = set()
    known = set()
    for name in ASYNCAPI:
        document = json.loads(MADE[name])
        for operation in document["operations"].values():
            address = document["channels"][operation["channel"]["$ref"].removeprefix("#/channels/")]["address"]
            known.add(address)
            if operation["action"] == "send":
                written.add(address)
    of_agencies = {agency_outbox("{unit}"), agency_tasks("{unit}"), agency_answers("{unit}")}
    assert known == {spec.name for spec in topic_specs(1, 1, 1)} | of_agencies
    # The pointer to the live epoch is written by the command that switches, an outbox by its agency.
    assert known - written == {"motcua.epoch.v1", agency_outbox("{unit}")}
    assert lifecycle(1) in written
