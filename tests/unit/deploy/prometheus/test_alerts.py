"""Every alert fires when it should and not otherwise, tells what to do, and is of metrics and labels that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer
import yaml

from motcua.cli.front.app import app
from shared.catalogue.base import Spec
from shared.catalogue.intake import SPECS as INTAKE
from shared.catalogue.metrics import SPECS as METRICS
from shared.catalogue.processing import SPECS as PROCESSING
from tests.unit.deploy.image.compose import environment, services
from tests.unit.deploy.prometheus.rules import CASES, PROMETHEUS, ROOT, alerts, promtool, write_tests
from tests.unit.docs.test_pages import parse

ALERTS = alerts()
SPECS: dict[str, Spec] = {spec.name: spec for spec in (*INTAKE, *PROCESSING, *METRICS)}
#: Labels that Prometheus adds, and those of its own series.
ADDED = {"job", "instance", "le"}
METRIC = re.compile(r"\bmotcua_\w+")
TOLD = ("summary", "summary_en", "description", "description_en")


def _base(series: str) -> str:
    """The declared name of a series: a histogram has several."""
    stem = re.sub(r"_(bucket|sum|count)$", "", series)
    return stem if SPECS.get(stem) and SPECS[stem].kind == "histogram" else series


def test_rules_and_configuration_are_understood(tmp_path: Path) -> None:
    done = promtool("check", "rules", PROMETHEUS / "alerts.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    # The configuration names the rules where the container has them.
    text = (PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8")
    assert "/etc/prometheus/alerts.yml" in text
    moved = tmp_path / "prometheus.yml"
    moved.write_text(text.replace("/etc/prometheus", str(PROMETHEUS)), encoding="utf-8")
    done = promtool("check", "config", moved)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(ALERTS)} rules found" in done.stdout


def test_every_alert_fires_and_stays_quiet_when_it_should(tmp_path: Path) -> None:
    done = promtool("test", "rules", *write_tests(tmp_path, CASES))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_expectation_is_noticed(tmp_path: Path) -> None:
    case = CASES["PartitionStopped"]
    for wrong in (case | {"fires": case["quiet"][0]}, case | {"quiet": [case["fires"]]}):
        done = promtool("test", "rules", *write_tests(tmp_path, {"PartitionStopped": wrong}))
        assert done.returncode != 0


def test_every_alert_has_cases() -> None:
    assert list(CASES) == list(ALERTS)
    assert all(case["fires"] and case["quiet"] for case in CASES.values())


@pytest.mark.parametrize("name", ALERTS)
def test_metrics_and_labels_exist(name: str) -> None:
    rule = ALERTS[name]
    text = " ".join([rule["expr"], *rule["annotations"].values()])
    found = {_base(series) for series in METRIC.findall(text)}
    assert found - set(SPECS) == set()
    known = {label for series in found for label in SPECS[series].labels} | ADDED
    selected = {
        label for block in re.findall(r"\{([^{}]*)\}", rule["expr"]) for label in re.findall(r"(\w+)\s*=~?\s*\"", block)
    }
    grouped = {
        label.strip() for block in re.findall(r"\b(?:by|on) \(([^)]*)\)", rule["expr"]) for label in block.split(",")
    }
    shown = set(re.findall(r"\$labels\.(\w+)", text))
    assert (selected | grouped | shown) - {""} - known == set()


@pytest.mark.parametrize("name", ALERTS)
def test_cases_are_series_of_the_alerts_metrics(name: str) -> None:
    expr = ALERTS[name]["expr"]
    mentioned = {*METRIC.findall(expr), *re.findall(r"\bkafka_\w+", expr), *(["up"] if "up{" in expr else [])}
    for series in [*CASES[name]["fires"], *(one for quiet in CASES[name]["quiet"] for one in quiet)]:
        assert re.match(r"\w+", series)[0] in mentioned  # type: ignore[index]


@pytest.mark.parametrize("name", ALERTS)
def test_alert_is_told_in_both_languages_with_a_severity(name: str) -> None:
    rule = ALERTS[name]
    assert set(rule["annotations"]) == set(TOLD)
    assert all(rule["annotations"][part].strip() for part in TOLD)
    assert rule["labels"]["severity"] in ("critical", "warning", "info")
    # What differs between the series of an alert must not stand in one language only.
    for part in ("summary", "description"):
        vi, en = (re.findall(r"\{\{.*?\}\}", rule["annotations"][one]) for one in (part, f"{part}_en"))
        assert vi == en


@pytest.mark.parametrize("name", ALERTS)
def test_commands_it_tells_to_run_are_understood(name: str) -> None:
    root = typer.main.get_command(app)
    for text in ALERTS[name]["annotations"].values():
        for line in re.findall(r"`motcua ([^`]+)`", text):
            parse(root, shlex.split(re.sub(r"\{\{.*?\}\}", "1", line)))


def test_every_metric_that_calls_for_somebody_has_an_alert() -> None:
    """Those whose remedy says that any value, or one above nothing, is wrong."""
    watched = {_base(series) for rule in ALERTS.values() for series in METRIC.findall(rule["expr"])}
    calling = {name for name, spec in SPECS.items() if re.match(r"(Any:|Above 0|1 for more than)", spec.remedy)}
    # How many are owed says less than for how long.
    assert calling - watched == {"motcua_intake_outbox_entries"}


def test_prometheus_asks_every_replica_at_its_port() -> None:
    text = (PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8")
    jobs = {
        job["job_name"]: {target for part in job["static_configs"] for target in part["targets"]}
        for job in yaml.safe_load(text)["scrape_configs"]
    }
    wanted: dict[str, set[str]] = {"prometheus": {"localhost:9090"}}
    for name, service in services().items():
        module = " ".join(service.get("command", []))
        kind = module.removeprefix("python -m services.")
        if kind != module:
            wanted.setdefault(kind, set()).add(f"{name}:{environment(service)['MOTCUA_PORT']}")
    assert jobs == wanted


@pytest.mark.parametrize(("page", "part"), [("monitoring.md", "summary_en"), ("monitoring.vi.md", "summary")])
def test_guide_lists_the_alerts(page: str, part: str) -> None:
    text = (ROOT / "docs/guides" / page).read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*) \|$", text, re.MULTILINE)
    assert listed == [
        (name, rule["labels"]["severity"], _plain(rule["annotations"][part])) for name, rule in ALERTS.items()
    ]


def _plain(text: str) -> str:
    """A summary as a page shows it: what differs between the series as a word in brackets."""
    return re.sub(r"\{\{ \$(?:labels\.)?(\w+)[^}]*\}\}", r"‹\1›", text)
