"""Compares figures as the product prints them with those of the oracle. Knows only the JSON form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

__all__ = ["compare", "compare_rows"]

KEYS = ("unit", "from", "to", "procedure", "channel", "month")
#: Words beside the figures.
IGNORED = ("note", "unit_name", "procedure_name")


def _key(index: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((name, index[name]) for name in KEYS if name in index)


def _normal(index: dict[str, Any]) -> dict[str, Any]:
    """Instants as instants (zone and digits do not matter), without what is only said in words."""
    plain = {name: value for name, value in index.items() if name not in IGNORED}
    plain["as_of"] = datetime.fromisoformat(index["as_of"]) if index.get("as_of") else None
    plain["future"] = bool(index.get("future", False))
    return plain


def _empty(index: dict[str, Any]) -> bool:
    """Whether an index counts nothing, so that listing it or not says the same."""
    return not any(value for value in index.values() if isinstance(value, int) and not isinstance(value, bool))


def compare(index_json: list[dict[str, Any]], oracle_json: list[dict[str, Any]]) -> list[str]:
    """Differences between two arrays of indices, in words; empty if they say the same.

    The order of the array does not matter, nor whether a group that counts nothing is listed.
    """
    ours = {_key(index): _normal(index) for index in index_json}
    theirs = {_key(index): _normal(index) for index in oracle_json}
    differences = []
    if len(ours) != len(index_json):
        differences.append("an index is listed twice")
    for key in sorted(set(ours) | set(theirs), key=repr):
        name = ", ".join(f"{part}={value}" for part, value in key)
        if key not in ours or key not in theirs:
            present = ours.get(key) or theirs.get(key) or {}
            if not _empty(present):
                differences.append(f"{name}: only {'the product' if key in ours else 'the oracle'} lists it: {present}")
            continue
        for field in sorted(set(ours[key]) | set(theirs[key])):
            one, other = ours[key].get(field), theirs[key].get(field)
            if one != other:
                differences.append(f"{name}: {field} is {one}, the oracle says {other}")
    return differences


def compare_rows(rows: dict[str, dict[str, Any]], facts: dict[str, dict[str, Any]]) -> list[str]:
    """Differences between fact rows of the product and facts of the oracle, both by code and in the oracle's form.

    In both directions: what only one of them tells is a difference, too.
    """
    differences = []
    for code in sorted(set(rows) | set(facts)):
        if code not in rows or code not in facts:
            differences.append(f"{code}: only {'the product' if code in rows else 'the oracle'} knows it")
            continue
        for field in sorted(set(rows[code]) | set(facts[code])):
            if field not in facts[code]:
                differences.append(f"{code}: {field} is {rows[code][field]}, of which the oracle knows nothing")
            elif rows[code].get(field) != facts[code][field]:
                differences.append(f"{code}: {field} is {rows[code].get(field)}, the oracle says {facts[code][field]}")
    return differences
