"""Codes and names not in the form in which doors keep them by now: taken by an older version, and kept as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from unicodedata import is_normalized

from services.metrics.follow.view import View
from services.metrics.sight.seen import EVERYTHING, Seen
from shared.texts.normal_form import is_normal
from shared.texts.signs import odd_sign, sign_name

__all__ = ["odd_codes"]

#: Codes listed of each kind; the count is of all.
_MOST: Final = 50
_DOTS: Final = frozenset({".", ".."})


def odd_codes(view: View, seen: Seen = EVERYTHING) -> dict[str, Any]:
    """What the figures hold of such, by kind, of dossiers those that are seen; call it inside `exclusive`."""
    table, registry = view.table, view.registry
    return {
        "dossiers": _told(seen.codes(table.codes)),
        "units": _told([*table.units.values, *registry.units.codes]),
        "procedures": _told([*table.procedures.values, *registry.procedures]),
        "steps": _told(table.step_names.values, dots=False),
    }


def _told(texts: Iterable[str | None], *, dots: bool = True) -> dict[str, Any]:
    odd = sorted({text for text in texts if text is not None and (not is_normal(text) or (dots and text in _DOTS))})
    return {"count": len(odd), "codes": [{"code": text, "why": _why(text)} for text in odd[:_MOST]]}


def _why(text: str) -> str:
    found = odd_sign(text)
    if found is not None:
        return sign_name(found[1])
    if text in _DOTS:
        return "dots"
    return "blanks" if is_normalized("NFC", text) else "accents"
