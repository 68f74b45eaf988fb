"""A wrong setting or keys file ends the process with one line that names the variable."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.intake.senders.sender import KEYS_FILE
from shared.access.keys import hash_key

GOOD = {"sender": "a", "hash": hash_key("mc_a"), "sources": ["*"], "units": ["*"], "roles": ["sender"]}


def start(**settings: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {f"MOTCUA_{name}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "services.intake"],
        env=environment,
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read"),
        ("nonsense", "Invalid JSON"),
        (json.dumps([GOOD | {"hash": "mc_a"}]), "0.hash"),
        (json.dumps([GOOD, {**GOOD, "roles": ["king"]}]), "1.roles.0"),
    ],
)
def test_a_wrong_keys_file_is_named(tmp_path: Path, content: str | None, says: str) -> None:
    path = tmp_path / "keys.json"
    if content is not None:
        path.write_text(content)
    ended = start(KEYS_FILE=str(path))
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"MOTCUA_KEYS_FILE: {path}")
    assert says in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_wrong_setting_is_named() -> None:
    ended = start(CLOCK="sundial")
    assert ended.returncode == 2
    assert ended.stderr.startswith("MOTCUA_CLOCK: ")


def test_a_good_keys_file_is_read() -> None:
    assert KEYS_FILE.validate_json(json.dumps([GOOD]))[0].sender == "a"
