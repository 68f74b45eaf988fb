"""The keys by which cases are known: in states, and as keys of their lifecycle records. Pure.

A dossier's key is its code. Cases of other populations have their population before the code, so that the same code may
name a dossier and a petition; of the few codes that look like such a key a dossier's own has its population too.
"""

from __future__ import annotations

from typing import Final

__all__ = ["dossier_key", "dossier_of", "petition_key"]

_DOSSIER: Final = "dossier:"
_PETITION: Final = "petition:"
#: What begins the keys of everything else on the lifecycle topic.
_RESERVED: Final = (_DOSSIER, _PETITION, "indicator:", "clock:", "reference:")


def dossier_key(code: str) -> str:
    """The key of a dossier: its code, with `dossier:` before one that could be taken for another kind of key."""
    return _DOSSIER + code if code.startswith(_RESERVED) else code


def dossier_of(key: str) -> str | None:
    """The code of the dossier that a key is of; None where it is of something else."""
    if key.startswith(_DOSSIER):
        return key.removeprefix(_DOSSIER)
    return None if key.startswith(_RESERVED) else key


def petition_key(code: str) -> str:
    """The key of a petition, by its own code."""
    return _PETITION + code
