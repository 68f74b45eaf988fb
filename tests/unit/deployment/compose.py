"""The compose file as Docker Compose reads it with nothing set: defaults filled in, merges resolved."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

__all__ = ["ROOT", "defaults", "environment", "services"]

ROOT = Path(__file__).resolve().parents[3]
_VARIABLE = re.compile(r"\$\{(\w+):-([^}]*)\}")


def _text() -> str:
    return (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


def defaults() -> dict[str, str]:
    """Defaults of all variables a user may set, by name."""
    return dict(_VARIABLE.findall(_text()))


def services() -> dict[str, dict[str, Any]]:
    """Services by name, with every variable's default in its place."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(_VARIABLE.sub(r"\2", _text()))["services"]
    return found


def environment(service: dict[str, Any]) -> dict[str, str]:
    """The MOTCUA_ variables of a service, as its process sees them."""
    given: dict[str, Any] = service.get("environment", {})
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in given.items()
        if name.startswith("MOTCUA_")
    }
