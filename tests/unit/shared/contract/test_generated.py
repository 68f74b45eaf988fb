"""The committed contract is what the models say, and a change of it cannot break the others unnoticed."""

from __future__ import annotations

import copy
import json
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from shared.contract.compatibility import breaking_changes
from shared.contract.generate import schemas

ROOT = Path(__file__).resolve().parents[4]
SCHEMAS = schemas()
FOLDER = ROOT / "docs" / "contract"


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_committed_schema_is_current(name: str) -> None:
    committed = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    assert committed == json.loads(json.dumps(SCHEMAS[name])), "run `make docs` and commit docs/contract"
    jsonschema.Draft202012Validator.check_schema(committed)


def _previous(name: str) -> dict[str, Any] | None:
    """The schema in the commit before the last one that touched it: what others out there were built against."""
    log = subprocess.run(
        ["git", "log", "-2", "--format=%H", "--", f"docs/contract/{name}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    if not log:
        return None
    shown = subprocess.run(
        ["git", "show", f"{log[-1]}:docs/contract/{name}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return json.loads(shown.stdout) if shown.returncode == 0 and shown.stdout else None


#: Changes of 2026-12-01 (docs/decisions/0025, 0029): petitions and entered figures are cases, with rows of their own.
#: Whoever read the topics by the schemas of before met them only in simulated stacks. Nothing else may break anybody.
AGREED = {
    # Of an event of another type than those known it is told how it differs from the nearest of them.
    "lifecycle.schema.json": ["type: values ['indicator.changed']", "data: member clock is required"],
    "agency-tasks.schema.json": ["data.kind: values ", "data.of: values ['petition']"],
}


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_change_does_not_break_the_others(name: str) -> None:
    previous = _previous(name)
    if previous is None:
        pytest.skip("new in this commit, or no history at hand")
    direction = "senders" if name.startswith(("entries/", "journal.")) else "readers"
    broken = breaking_changes(previous, SCHEMAS[name], direction)  # type: ignore[arg-type]
    assert [one for one in broken if not one.startswith(tuple(AGREED.get(name, ())))] == []


ACCEPTED = SCHEMAS["entries/dossier.accepted.schema.json"]
CHANGED = SCHEMAS["lifecycle/dossier.changed.schema.json"]


def _edited(schema: dict[str, Any], definition: str, **properties: Any) -> dict[str, Any]:
    copied = copy.deepcopy(schema)
    for name, value in properties.items():
        if value is None:
            del copied["$defs"][definition]["properties"][name]
        else:
            copied["$defs"][definition]["properties"][name] = value
    return copied


def test_same_schema_breaks_nobody() -> None:
    assert breaking_changes(ACCEPTED, ACCEPTED, "senders") == []
    assert breaking_changes(CHANGED, CHANGED, "readers") == []


def test_removed_member_breaks_senders_who_use_it() -> None:
    assert breaking_changes(ACCEPTED, _edited(ACCEPTED, "Accepted", promised_due=None), "senders")


def test_new_optional_member_breaks_nobody() -> None:
    new = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert breaking_changes(ACCEPTED, _edited(ACCEPTED, "Accepted", counter=new), "senders") == []
    assert breaking_changes(CHANGED, _edited(CHANGED, "DossierRow", counter=new), "readers") == []


def test_newly_required_member_breaks_senders() -> None:
    edited = copy.deepcopy(ACCEPTED)
    edited["$defs"]["Accepted"]["required"].append("promised_due")
    assert breaking_changes(ACCEPTED, edited, "senders")


def test_changed_type_breaks_both() -> None:
    assert breaking_changes(ACCEPTED, _edited(ACCEPTED, "Accepted", unit={"type": "integer"}), "senders")
    assert breaking_changes(CHANGED, _edited(CHANGED, "DossierRow", status={"type": "string"}), "readers")


def test_new_value_of_an_enumeration_breaks_readers_only() -> None:
    wider = {"enum": ["warning", "breach", "recovered", "retracted", "frozen"], "type": "string"}
    assert breaking_changes(CHANGED, _edited(CHANGED, "Happening", kind=wider), "readers")
    assert breaking_changes(CHANGED, _edited(CHANGED, "Happening", kind=wider), "senders") == []


def test_member_that_may_be_absent_now_breaks_readers() -> None:
    edited = copy.deepcopy(CHANGED)
    edited["$defs"]["DossierRow"]["required"].remove("status")
    assert breaking_changes(CHANGED, edited, "readers")
