"""The content hash as docs/rules.md spells it out for others to compute, without any code of the product."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from shared.contract.entries import hash_of
from shared.instants import parse_instant

RULES = (Path(__file__).resolve().parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"So the hash of\n\n  ```json\n  (.*)\n  ```\n\n  is `([0-9a-f]{64})`")


def test_the_example_has_the_hash_it_says() -> None:
    text, digest = EXAMPLE.findall(RULES)[0]
    assert hashlib.sha256(text.encode()).hexdigest() == digest
    content = json.loads(text)
    assert json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False) == text


def test_the_product_hashes_the_example_so() -> None:
    text, digest = EXAMPLE.findall(RULES)[0]
    content = json.loads(text)
    assert hash_of(content["type"], parse_instant("2026-11-16T09:00:00+07:00"), content["data"]) == digest


def test_odd_letters_are_hashed_as_the_rules_say() -> None:
    data = {"reason": 'ă"\\\u2028\x7f\x1f/', "list": [{"b": 1, "a": 2}]}
    written = json.dumps(
        {"data": data, "time": "2026-11-16T02:00:00.000000Z", "type": "x"},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    assert hash_of("x", parse_instant("2026-11-16T02:00:00Z"), data) == hashlib.sha256(written.encode()).hexdigest()
