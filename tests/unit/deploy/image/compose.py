"""The compose files as Docker Compose reads them with nothing set: defaults filled in, files merged."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

__all__ = ["FILES", "ROOT", "defaults", "environment", "module", "services", "small"]

ROOT = Path(__file__).resolve().parents[4]
FILES = ("docker-compose.yml", "docker-compose.small.yml")
_VARIABLE = re.compile(r"\$\{(\w+):-([^}]*)\}")


class _Loader(yaml.SafeLoader):
    """Reads also `!override`, after which nothing of the first file is left in a place."""


class _Instead(dict[str, Any]):
    """A mapping that stands instead of another."""


def _instead(loader: yaml.SafeLoader, node: yaml.Node) -> _Instead:
    assert isinstance(node, yaml.MappingNode)
    return _Instead({str(key): value for key, value in loader.construct_mapping(node, deep=True).items()})


_Loader.add_constructor("!override", _instead)


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _read(name: str) -> dict[str, dict[str, Any]]:
    # A loader of safe values with one tag more.
    found: dict[str, dict[str, Any]] = yaml.load(_VARIABLE.sub(r"\2", _text(name)), _Loader)["services"]  # noqa: S506
    return found


def defaults() -> dict[str, str]:
    """Defaults of all variables a user may set, by name."""
    found = [one for name in FILES for one in re.findall(r"\$\{?(\w+)[^}]*\}?", _text(name))]
    known = dict(one for name in FILES for one in _VARIABLE.findall(_text(name)))
    assert set(found) == set(known), "a variable without a default"
    return known


def services() -> dict[str, dict[str, Any]]:
    """Services by name, with every variable's default in its place."""
    return _read(FILES[0])


def small() -> dict[str, dict[str, Any]]:
    """The services of the small stack that run, those for tools included."""
    merged = _merge(services(), _read(FILES[1]))
    return {name: service for name, service in merged.items() if "never" not in service.get("profiles", [])}


def _merge(first: Any, second: Any) -> Any:
    if isinstance(first, dict) and isinstance(second, dict) and not isinstance(second, _Instead):
        return first | {name: _merge(first.get(name), value) for name, value in second.items()}
    return second


def environment(service: dict[str, Any]) -> dict[str, str]:
    """The MOTCUA_ variables of a service, as its process sees them."""
    given: dict[str, Any] = service.get("environment", {})
    return {
        name: "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in given.items()
        if name.startswith("MOTCUA_")
    }


def module(service: dict[str, Any]) -> str | None:
    """The Python module that a service runs; None for what is not ours, and for the command line."""
    command = service.get("command", [])
    return str(command[2]) if command[:2] == ["python", "-m"] else None
