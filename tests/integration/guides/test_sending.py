"""The guide for senders is true: its blocks are run, in order, against a running stack."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.stack import StackFactory
from tests.waiting import until

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "sending.md"
_BLOCK = re.compile(
    r"<!-- run(?P<patience> with patience)?, expect: (?P<expect>.+?) -->\n```(?P<language>\w+)\n(?P<code>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Block:
    language: str
    code: str
    expect: str
    patient: bool

    def run(self, folder: Path, environment: dict[str, str]) -> str:
        """What the block writes; a LookupError when it fails, with what it wrote."""
        program = {"bash": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}[self.language]
        done = subprocess.run(
            [*program, self.code], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode != 0:
            raise LookupError(f"{self.code}\n{done.stdout}\n{done.stderr}")
        return done.stdout


def blocks(guide: Path = GUIDE) -> list[Block]:
    """The blocks of a guide that are to be run."""
    text = guide.read_text(encoding="utf-8")
    return [
        Block(found["language"], found["code"], found["expect"], found["patience"] is not None)
        for found in _BLOCK.finditer(text)
    ]


def test_every_marked_block_is_found() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert len(blocks()) == text.count("<!-- run") > 5
    # Only the block that sets the variables is not run.
    assert len(re.findall(r"^```(?:bash|python)$", text, re.MULTILINE)) == len(blocks()) + 1


@pytest.mark.parametrize("simulated", [False, True])
def test_the_blocks_do_what_the_guide_says(local_stack: StackFactory, tmp_path: Path, *, simulated: bool) -> None:
    stack = local_stack(clock="live", simulated=simulated, services=("intake", "processing"))
    addresses = stack.addresses()
    environment = os.environ | {
        "INTAKE": addresses["intake"],
        "PROCESSING": addresses["processing"],
        "ADMIN_KEY": stack.admin_key(),
        "SIMULATED": str(simulated).lower(),
    }
    for block in blocks():
        written = (
            until(lambda block=block: block.run(tmp_path, environment), "the block to succeed")  # type: ignore[misc]
            if block.patient
            else block.run(tmp_path, environment)
        )
        assert block.expect in written, f"{block.code}\n{written}"
