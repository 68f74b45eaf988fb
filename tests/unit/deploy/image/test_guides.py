"""What the guides to Compose tell people to type is there: services, commands, variables, ports, the entry."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import typer

from docs.generate.settings import PROGRAMS, variable
from motcua.cli.addresses import CommandSettings
from motcua.cli.front.app import app
from shared.contract.entries import ENTRY_ADAPTER
from tests.unit.deploy.image.compose import ROOT, defaults, services
from tests.unit.docs.test_pages import FENCE, parse

GUIDES = [ROOT / "docs/guides/compose.md", ROOT / "docs/guides/compose.vi.md"]
TOLD = [guide.read_text(encoding="utf-8") for guide in GUIDES]
RUN = re.compile(r"^docker compose run (.+?)$", re.MULTILINE)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_commands_in_containers_are_understood(guide: Path) -> None:
    root = typer.main.get_command(app)
    found = [line for block in FENCE.findall(guide.read_text(encoding="utf-8")) for line in RUN.findall(block)]
    assert len(found) > 3
    for line in found:
        words = shlex.split(line.partition(" > ")[0], comments=True)
        place = next(number for number, word in enumerate(words) if not word.startswith("-"))
        own = {word.partition("=")[0] for word in words[:place]}
        assert own <= {"--rm", "--no-deps", "-T", "--user", "--volume"}
        assert words[place] in services()
        assert words[place + 1] == "motcua"
        parse(root, words[place + 2 :])


@pytest.mark.parametrize("text", TOLD, ids=["en", "vi"])
def test_variables_exist(text: str) -> None:
    known = {variable(field) for settings in PROGRAMS.values() for field in settings.model_fields}
    known |= {variable(field) for field in CommandSettings.model_fields} | set(defaults())
    assert set(re.findall(r"\bMOTCUA_[A-Z_]+\b", text)) - known == set()


@pytest.mark.parametrize("text", TOLD, ids=["en", "vi"])
def test_ports_are_those_of_the_services(text: str) -> None:
    published = {line.split(":")[1] for service in services().values() for line in service.get("ports", [])}
    assert set(re.findall(r"\b(?:88\d\d|9090)\b", text)) == published


def test_the_entry_is_one_of_the_contract() -> None:
    found = re.search(r"-d '(.+?)'", TOLD[0], re.DOTALL)
    assert found is not None
    assert ENTRY_ADAPTER.validate_json(json.dumps(json.loads(found[1]))).type == "dossier.accepted"


def test_both_languages_have_the_same_parts() -> None:
    english, vietnamese = ([line[:5] for line in text.splitlines() if line.startswith("## ")] for text in TOLD)
    assert english == vietnamese
