"""Which of the known names somebody probably meant. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["did_you_mean"]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` → 'name'?` where something similar exists, else nothing: read alike in both languages."""
    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f" → '{folded[near[0]]}'?" if near else ""
