"""The engine puts out the same bytes under any hash seed (iteration over unsorted sets would differ)."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.unit.processing.digest import digest


def _digest_under(hash_seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.processing.digest"],
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_two_hash_seeds_same_bytes() -> None:
    one, other = _digest_under("1"), _digest_under("4242")
    assert len(one) == 64
    assert one == other


def test_digest_notices_other_input() -> None:
    assert digest(1, 200) == digest(1, 200)
    assert digest(1, 200) != digest(2, 200)
