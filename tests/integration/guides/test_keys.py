"""The guide of keys is true in both languages: its blocks are run, in order, against a running stack."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tests.integration.guides.test_sending import GUIDE, Block, blocks
from tests.stack import StackFactory
from tests.waiting import until

GUIDES = [GUIDE.with_name(name) for name in ("keys.md", "keys.vi.md")]


def test_every_marked_block_is_found_and_both_languages_run_the_same() -> None:
    both = [blocks(guide) for guide in GUIDES]
    for guide, found in zip(GUIDES, both, strict=True):
        text = guide.read_text(encoding="utf-8")
        assert len(found) == text.count("<!-- run") > 5
        # Only the block that sets the variables is not run.
        assert len(re.findall(r"^```bash$", text, re.MULTILINE)) == len(found) + 1
    assert [(one.code, one.expect, one.patient) for one in both[0]] == [
        (one.code, one.expect, one.patient) for one in both[1]
    ]


def test_the_blocks_do_what_the_guide_says(local_stack: StackFactory, tmp_path: Path) -> None:
    stack = local_stack(clock="live", services=("intake", "processing", "metrics"))
    addresses = stack.addresses()
    environment = os.environ | {
        "INTAKE": addresses["intake"],
        "PROCESSING": addresses["processing"],
        "METRICS": addresses["metrics"],
        "ADMIN_KEY": stack.admin_key(),
        "SIMULATED": "false",
    }
    for block in blocks(GUIDES[0]):
        written = (
            until(lambda block=block: _wanted(block, tmp_path, environment), block.expect, 60)  # type: ignore[misc]
            if block.patient
            else block.run(tmp_path, environment)
        )
        assert block.expect in written, f"{block.code}\n{written}"


def _wanted(block: Block, folder: Path, environment: dict[str, str]) -> str:
    written = block.run(folder, environment)
    if block.expect not in written:
        raise LookupError(written)
    return written
