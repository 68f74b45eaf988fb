"""The two lock files agree, are complete, and name no host."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.unit.deploy.image.compose import ROOT

WHOLE = ROOT / "requirements.lock"
IMAGE = ROOT / "deploy/image/requirements.lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _pins(path: Path) -> dict[str, str]:
    text = path.read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE))


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return found[0].lower()


def test_image_takes_the_tested_versions() -> None:
    whole = _pins(WHOLE)
    assert {name: version for name, version in _pins(IMAGE).items() if whole.get(name) != version} == {}


def test_image_has_what_services_and_commands_need_and_no_more() -> None:
    image = _pins(IMAGE)
    extras = PROJECT["optional-dependencies"]
    wanted = {_name(one) for one in (*PROJECT["dependencies"], *extras["reference"])}
    assert wanted - set(image) == set()
    assert {_name(one) for group in ("local", "dev") for one in extras[group]} & set(image) == set()


def test_image_has_every_package_that_is_imported() -> None:
    """Else a program would not even start in it."""
    image = {name.lower().replace("_", "-") for name in _pins(IMAGE)}
    packages = packages_distributions()
    own = {"shared", "services", "motcua", "simulator", "deploy"}
    lacking: dict[str, set[str]] = {}
    for path in (path for name in own for path in (ROOT / name).rglob("*.py")):
        for module in _imported(path) - own - set(sys.stdlib_module_names):
            if not {name.lower().replace("_", "-") for name in packages.get(module, [])} & image:
                lacking.setdefault(module, set()).add(str(path.relative_to(ROOT)))
    assert lacking == {}


def _imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_lock_holds_every_dependency() -> None:
    extras = {_name(one) for group in PROJECT["optional-dependencies"].values() for one in group}
    wanted = {_name(one) for one in PROJECT["dependencies"]} | extras
    assert wanted - {name.lower() for name in _pins(WHOLE)} == set()


@pytest.mark.parametrize("path", [WHOLE, IMAGE], ids=lambda path: path.parent.name)
def test_lock_has_hashes_and_names_no_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"\S*://\S*|--(?:extra-)?index-url|--find-links|--trusted-host", _without_comments(text)) == []
    # Nor in comments, but for the option that keeps hosts out.
    assert "://" not in text
    for block in re.split(r"\n(?=[A-Za-z0-9])", _without_comments(text).strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
