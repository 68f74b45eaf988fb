"""The compose file fits the code: settings, modules, versions, and the guide that tells how to use it."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.jars import kafka_version
from deploy.reference.settings import PROGRAMS, variable
from services.intake.senders import KEYS_FILE, hash_key
from shared.contract.entries import ENTRY_ADAPTER
from tests.unit.deployment.compose import ROOT, defaults, environment, services

SERVICES = services()
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
GUIDE = (ROOT / "docs/guides/compose.md").read_text(encoding="utf-8")


def _module(name: str) -> str:
    command = OURS[name]["command"]
    assert command[:2] == ["python", "-m"]
    return str(command[2])


def test_every_program_of_the_image_is_run() -> None:
    assert {_module(name) for name in OURS} == set(PROGRAMS)


@pytest.mark.parametrize("name", sorted(OURS))
def test_command_is_a_module_that_can_be_run(name: str) -> None:
    module = _module(name)
    spec = importlib.util.find_spec(module)
    assert spec is not None
    if spec.submodule_search_locations is not None:
        assert importlib.util.find_spec(f"{module}.__main__") is not None
    else:
        assert spec.origin is not None
        assert '__name__ == "__main__"' in Path(spec.origin).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_variable_is_a_setting_with_an_allowed_value(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = PROGRAMS[_module(name)]
    given = environment(OURS[name])
    assert set(given) - {variable(field) for field in settings.model_fields} == set()
    for key, value in given.items():
        monkeypatch.setenv(key, value)
    read = settings()
    for field in settings.model_fields:
        if variable(field) in given:
            assert str(getattr(read, field)).lower() == given[variable(field)].lower()


@pytest.mark.parametrize("name", ["intake", "processing", "metrics"])
def test_published_port_is_the_one_listened_on_and_on_this_machine_only(name: str) -> None:
    port = environment(OURS[name])["MOTCUA_PORT"]
    assert OURS[name]["ports"] == [f"127.0.0.1:{port}:{port}"]


@pytest.mark.parametrize("name", sorted(OURS))
def test_image_runs_with_few_rights(name: str) -> None:
    service = OURS[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_image_has_a_pinned_version(name: str) -> None:
    tag = SERVICES[name]["image"].partition(":")[2]
    assert re.fullmatch(r"\d+(\.\d+)+", tag), f"{SERVICES[name]['image']}: name a version"


def test_broker_is_the_one_that_tests_start() -> None:
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{kafka_version()}"


def test_image_is_named_by_the_projects_version() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^version = "(.+)"$', project, re.MULTILINE)
    assert found is not None
    assert {service["image"] for service in OURS.values()} == {f"motcua:{found[1]}"}


def test_example_of_variables_names_all_with_their_defaults() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert given == defaults()


def test_guides_script_makes_a_keys_file_that_intake_reads(tmp_path: Path) -> None:
    found = re.search(r"```python\n(.+?)```", GUIDE, re.DOTALL)
    assert found is not None
    made = subprocess.run(
        [sys.executable, "-I", "-c", found[1]], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    (sender,) = KEYS_FILE.validate_json((tmp_path / "keys.json").read_bytes())
    assert sender.hash == hash_key(made.stdout.strip())
    assert "admin" in sender.roles


def test_guides_entry_is_one_of_the_contract() -> None:
    found = re.search(r"-d '(.+?)'", GUIDE, re.DOTALL)
    assert found is not None
    assert ENTRY_ADAPTER.validate_json(json.dumps(json.loads(found[1]))).type == "dossier.accepted"


def test_keys_and_variables_of_users_are_never_committed_or_copied() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"keys.json", ".env"} <= set(ignored)
    assert "*" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
