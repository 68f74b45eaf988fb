"""The keys by which cases are known: in states, and as keys of their lifecycle records. Pure.

A dossier's key is its code. Cases of other populations have their population before the code, so that the same code may
name a dossier and a petition; of the few codes that look like such a key a dossier's own has its population too.
"""

from __future__ import annotations

from typing import Final

__all__ = ["dossier_key", "dossier_of", "indicator_code", "indicator_key", "indicator_parts", "petition_key"]

_DOSSIER: Final = "dossier:"
_PETITION: Final = "petition:"
_INDICATOR: Final = "indicator:"
#: Between the parts of the code of an entered figure.
_BAR: Final = "|"
#: What begins the keys of everything else on the lifecycle topic.
_RESERVED: Final = (_DOSSIER, _PETITION, _INDICATOR, "clock:", "reference:")


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


def indicator_code(subject: str, source: str, id_: str) -> str:
    """The code of an entered figure: the identity of its entries, each of which may be corrected and withdrawn.

    `|` stands between the parts; in subject and source it is written `%7C`, and `%` itself `%25`.
    """
    return _BAR.join((_escaped(subject), _escaped(source), id_))


def indicator_parts(code: str) -> tuple[str, str, str]:
    """Subject, source and id of an entered figure by its code."""
    subject, source, id_ = code.split(_BAR, 2)
    return _plain(subject), _plain(source), id_


def indicator_key(code: str) -> str:
    """The key of an entered figure, by its code."""
    return _INDICATOR + code


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace(_BAR, "%7C")


def _plain(text: str) -> str:
    return text.replace("%7C", _BAR).replace("%25", "%")
