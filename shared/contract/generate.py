"""Writes docs/contract/: the JSON Schemas of everything on the topics, from the models. Run by `make docs`.

A test regenerates them and compares, and checks them against the committed ones for compatibility.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter

from shared.contract.answers import ANSWER_ADAPTER
from shared.contract.entries import ENTRY_ADAPTER, ENTRY_MODELS
from shared.contract.housekeeping import DeadLetter, ExportedEntry, LiveEpoch
from shared.contract.lifecycle import (
    LIFECYCLE_ADAPTER,
    ClockAdvanced,
    DossierChanged,
    IndicatorChanged,
    PetitionChanged,
    ReferenceRevised,
)
from shared.contract.tasks import AGENCY_ADAPTER

__all__ = ["schemas", "write"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """All schemas by file name: one per entry type, the unions, and the records beside them."""
    found: dict[str, dict[str, Any]] = {
        f"entries/{name}.schema.json": TypeAdapter(model).json_schema() for name, model in ENTRY_MODELS.items()
    }
    found["journal.schema.json"] = ENTRY_ADAPTER.json_schema()
    found["lifecycle.schema.json"] = LIFECYCLE_ADAPTER.json_schema(mode="serialization")
    found["agency-tasks.schema.json"] = AGENCY_ADAPTER.json_schema(mode="serialization")
    found["agency-answers.schema.json"] = ANSWER_ADAPTER.json_schema(mode="serialization")
    records: dict[str, type[BaseModel]] = {
        "lifecycle/dossier.changed": DossierChanged,
        "lifecycle/petition.changed": PetitionChanged,
        "lifecycle/indicator.changed": IndicatorChanged,
        "lifecycle/clock.advanced": ClockAdvanced,
        "reference.revised": ReferenceRevised,
        "deadletter": DeadLetter,
        "epoch": LiveEpoch,
        "journal-export-line": ExportedEntry,
    }
    for name, model in records.items():
        found[f"{name}.schema.json"] = TypeAdapter(model).json_schema()
    return {name: {"$schema": _DIALECT, **schema} for name, schema in sorted(found.items())}


def write(folder: Path) -> list[Path]:
    """Write every schema below the folder; files of types that no longer exist are left for the compatibility check."""
    written = []
    for name, schema in schemas().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/contract")
    for path in write(target):
        print(path)
