"""Looks at the letters of a file while it is read, and tells which encoding its texts are really in. Pure.

A word with letters other than ASCII's that is no Vietnamese syllable as it stands, but is one by the table of an older
encoding, speaks for that encoding. French, English or Chinese words are syllables by none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from motcua.importing.encodings.mojibake import is_made
from motcua.importing.encodings.readings import OLD, words
from motcua.importing.encodings.syllables import is_syllable
from motcua.importing.reasons import Reason
from motcua.importing.repeats.ledger import Equals
from motcua.importing.tables.header import Places

__all__ = ["Letters", "lost", "votes", "winner"]

#: Different words that are looked at, and rows that are all looked at; of later ones, one in so many.
_WORDS, _ROWS, _ONE_IN = 5_000, 2_000, 16
#: Different words that must speak for an encoding, and their share of those that are no syllables, in hundredths.
_FEWEST, _SHARE = 3, 60
_MOST_MARKS: Final = 3
_TONED: Final = "áàạấầộốồơợớờưứừựảãậẫếềệễểíìịóòúùụýđ"
_HAS_VOWEL: Final = re.compile("[aeiouyAEIOUY\x80-\uffff]")


def votes(found: Iterable[str]) -> dict[str, int]:
    """For words that are no syllables: how many each encoding makes one of."""
    made = dict.fromkeys(OLD, 0)
    for word in found:
        for name, read in OLD.items():
            meant = read(word)
            made[name] += meant != word and is_syllable(meant)
    return made


def winner(found: set[str], fewest: int = _FEWEST) -> str | None:
    """The encoding that words which are no syllables were written in, if they plainly were."""
    if len(found) < fewest:
        return None
    counted = votes(found)
    name = max(counted, key=lambda one: counted[one])
    return name if counted[name] >= fewest and 100 * counted[name] >= _SHARE * len(found) else None


def lost(text: str) -> bool:
    """Whether question marks stand where letters of Vietnamese were."""
    if "\ufffd" in text:
        return True
    if "?" not in text:
        return False
    # A mark in a word is plain; at the end of one without a vowel it takes another one.
    found = 0
    for written in text.split():
        word = written.strip(".,;:()[]\"'")
        marks = word.count("?")
        if not 0 < marks < len(word) or marks > _MOST_MARKS or not word.replace("?", "").isalpha():
            continue
        inside = "?" in word.rstrip("?")
        if (inside or _HAS_VOWEL.search(word) is None) and _could_be(word):
            found += 2 if inside else 1
    return found > 1


def _could_be(word: str) -> bool:
    before, _, after = word.partition("?")
    return any(
        _could_be(before + letter + after) if "?" in after else is_syllable(before + letter + after)
        for letter in _TONED
    )


class Letters:
    """What the texts of one file show."""

    def __init__(self) -> None:
        self._rows = 0
        self._odd: set[str] = set()
        self._places = Equals()
        self._made = Equals()
        self._lost = Equals()

    def look(self, cells: Iterable[str], place: int, *, damaged: bool = False) -> None:
        """Look at one row.

        Args:
            cells: its texts.
            place: where it stands.
            damaged: whether it has bytes that are no text in the file's encoding.
        """
        self._rows += 1
        whole = "\n".join(cells)
        if "?" in whole or not whole.isascii():
            if lost(whole):
                self._lost.add(place)
            if not whole.isascii() and (self._rows <= _ROWS or self._rows % _ONE_IN == 0):
                self._letters(whole, place, damaged=damaged)

    def _letters(self, whole: str, place: int, *, damaged: bool) -> None:
        if damaged:
            whole = whole.encode("utf-8", "surrogateescape").decode("latin-1")
        elif is_made(whole):
            self._made.add(place)
            return
        odd = [word for word in words(whole) if not is_syllable(word)]
        if odd:
            if len(self._odd) < _WORDS:
                self._odd.update(odd)
            if any(votes(odd).values()):
                self._places.add(place)

    def verdict(self) -> str | None:
        """The reading that the texts need: a name of `file.repair`; None: none."""
        found = winner(self._odd)
        if found is None and self._made.count:
            return "mojibake"
        return found

    def reasons(self, places: Places, *, by_bytes: bool = False) -> Iterator[Reason]:
        """What people should know.

        Args:
            places: how rows are named.
            by_bytes: the file's encoding is told elsewhere.
        """
        found = winner(self._odd)
        if found is not None and not by_bytes:
            yield self._places.reason(f"letters_{found.replace('-', '_')}", places)
        if self._made.count:
            yield self._made.reason("letters_mojibake", places)
        if self._lost.count:
            yield self._lost.reason("letters_lost", places)
