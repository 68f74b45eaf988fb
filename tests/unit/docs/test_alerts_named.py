"""Alerts that guides name are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
_NAME = re.compile(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`")


@pytest.mark.parametrize("guide", ["operations.md", "operations.vi.md"])
def test_alerts_of_the_table_are_there(guide: str) -> None:
    rules = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))
    there = {rule["alert"] for group in rules["groups"] for rule in group["rules"] if "alert" in rule}
    rows = [line for line in (ROOT / "docs/guides" / guide).read_text(encoding="utf-8").splitlines() if "|" in line]
    named = {name for row in rows for name in _NAME.findall(row)}
    assert len(named) > 10
    assert named <= there
