"""Writes the JSON Schema of mapping files to docs/contract/mapping.schema.json: `python -m motcua.importing`."""

from __future__ import annotations

import json
from pathlib import Path

from motcua.importing.mapping.model import schema

__all__: list[str] = []

TARGET = Path(__file__).parents[2] / "docs" / "contract" / "mapping.schema.json"

if __name__ == "__main__":
    TARGET.write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
