"""Tells of codes that nobody registered which other code each looks like. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shared.texts.looks_alike import Lookalikes

__all__ = ["tell_alike"]


def tell_alike(found: dict[str, Any], registered: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """What nobody registered, each code with one it looks like: a registered one, else another that nobody registered.

    Needs no view; the first call takes a moment to read what looks like what.

    Args:
        found: as `queries.unregistered` gives it; `looks_like` is added where there is such a code.
        registered: the registered codes, by `unit` and `procedure`.
    """
    for name, known in registered.items():
        codes = found[f"{name}s"]["codes"]
        # After the registered ones those that many dossiers name, which are the likelier spelling.
        alike = Lookalikes([*sorted(known), *(one[name] for one in codes)]) if codes else None
        for one in codes:
            other = None if alike is None else alike.of(one[name])
            if other is not None:
                one["looks_like"] = other
    return found
