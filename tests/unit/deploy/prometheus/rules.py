"""The alert rules as their file has them, the tests of them as promtool reads tests, and promtool itself."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

__all__ = ["CASES", "PROMETHEUS", "ROOT", "alerts", "promtool", "write_tests"]

ROOT = Path(__file__).resolve().parents[4]
PROMETHEUS = ROOT / "deploy/prometheus"
CASES: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))


def alerts() -> dict[str, dict[str, Any]]:
    """Alert rules by name.

    Raises:
        AssertionError: two have the same name.
    """
    groups = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    found = {rule["alert"]: rule for rule in rules}
    assert len(found) == len(rules)
    return found


def promtool(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run promtool, of .tools or of the machine; the test is skipped where there is none."""
    tool = ROOT / ".tools/promtool"
    place = str(tool) if tool.exists() else shutil.which("promtool")
    if place is None:
        pytest.skip("promtool is missing: `make promtool` takes it from Debian's package prometheus")
    return subprocess.run([place, *words], cwd=ROOT, capture_output=True, text=True, check=False)


def write_tests(folder: Path, cases: Mapping[str, Mapping[str, Any]]) -> list[Path]:
    """Write the cases as tests for promtool: an alert fires with these series, and does not with those.

    A file for each alert, with its rule alone: all rules for each case would take half a minute.
    """
    rules = alerts()
    files = []
    for name, case in cases.items():
        # JSON is YAML.
        rule = folder / f"{name}.rule.yml"
        rule.write_text(json.dumps({"groups": [{"name": name, "rules": [rules[name]]}]}), encoding="utf-8")
        tests = [_test(name, "fires", case["fires"], case["at"], 1)]
        tests += [_test(name, "is quiet", series, case["at"], 0) for series in case["quiet"]]
        files.append(folder / f"{name}.test.yml")
        files[-1].write_text(json.dumps({"rule_files": [str(rule)], "tests": tests}), encoding="utf-8")
    return files


def _test(name: str, what: str, series: list[str], at: str, firing: int) -> dict[str, Any]:
    return {
        "name": f"{name} {what}",
        "interval": "1m",
        "input_series": [dict(zip(("series", "values"), _split(one), strict=True)) for one in series],
        "promql_expr_test": [
            {
                "expr": f'count by (alertname) (ALERTS{{alertname="{name}", alertstate="firing"}})',
                "eval_time": at,
                "exp_samples": [{"labels": f'{{alertname="{name}"}}', "value": firing}][:firing],
            }
        ],
    }


def _split(series: str) -> tuple[str, str]:
    """The series and its samples; only label values could hold a blank besides."""
    name, brace, rest = series.partition("}")
    if brace:
        return name + brace, rest.strip()
    name, _, rest = series.partition(" ")
    return name, rest
