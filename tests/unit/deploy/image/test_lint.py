"""Dockerfile and compose file pass their linters, and the Dockerfile copies what is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.deploy.image.compose import FILES, ROOT

BIN = Path(sys.executable).parent


def _run(*command: str) -> None:
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_dockerfile_is_clean() -> None:
    _run("hadolint", "Dockerfile")


@pytest.mark.parametrize("name", FILES)
def test_compose_file_is_one(name: str, tmp_path: Path) -> None:
    # The schema knows no tags, which say only how files are merged.
    plain = tmp_path / name
    plain.write_text((ROOT / name).read_text(encoding="utf-8").replace(" !override", ""), encoding="utf-8")
    _run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(plain))


def test_a_wrong_compose_file_is_noticed(tmp_path: Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text("services: {intake: {imagee: motcua}}", encoding="utf-8")
    with pytest.raises(AssertionError):
        _run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(wrong))


def test_dockerfile_copies_what_is_there_and_in_the_build_context() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    allowed = {
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    }
    for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), f"{source} is not there"
            assert source.split("/")[0] in allowed, f"{source} is not in the build context"


def test_image_has_the_python_of_the_project() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    images = set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE))
    assert images == {"python:3.11-slim-bookworm"}
    assert 'requires-python = ">=3.11,<3.12"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
