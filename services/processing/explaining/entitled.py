"""Who may act on a dossier, in words: the units whose keys' senders are entitled, and what a key covers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Final

from services.processing.explaining.model import Sentence
from services.processing.explaining.words import say, text
from services.processing.facts import Facts
from shared.access.patterns import patterns_of
from shared.messages.base import Text

__all__ = ["explain_entitled", "told_grant"]

#: Units told by name.
_MOST: Final = 10


def explain_entitled(known: Facts) -> list[Sentence]:
    """Who may act on the dossier; nothing where every sender may act for all units."""
    judged = known.judged
    if judged is None:
        return []
    # The chain tells who was accountable last first.
    chain = [*reversed(judged.chain.units)]
    parties: list[Sentence] = []
    if judged.coded is not None:
        parties.append(say("entitled_coded", unit=judged.coded))
    if judged.receiving is not None:
        parties.append(say("entitled_receiving", unit=judged.receiving))
    if chain:
        parties.append(say("entitled_chain", units=_told(chain)))
    if not parties:
        return [say("entitled", parties=text("all_units"))]
    return [say("entitled", parties=reduce(lambda first, second: say("either", first=first, second=second), parties))]


def told_grant(grant: str | None) -> str | Text | Sentence:
    """The units that a sender's key covers."""
    if grant is None:
        return text("all_units")
    patterns = patterns_of(grant)
    return _told(patterns) if patterns else text("no_unit")


def _told(units: Sequence[str]) -> str | Sentence:
    named = ", ".join(units[:_MOST])
    return named if len(units) <= _MOST else say("further_units", units=named, more=len(units) - _MOST)
