"""The words of a column's name, however they are written together: `dueAt`, `NgayHenTra`, `DUEDATE`. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

__all__ = ["Vocabulary", "folded", "words_of"]

#: Between a small letter (or a digit) and a capital, and before the last capital of an abbreviation: SR|Status.
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
#: Letters of the longest name that is taken apart, and of the shortest word.
_LONGEST, _SHORTEST = 60, 2


def folded(name: str) -> str:
    """A name as words in small letters without accents: `Mã hồ sơ` is `ma ho so`."""
    return " ".join(re.findall(r"[a-z0-9]+", _plain(name).casefold()))


def words_of(name: str) -> str:
    """The same, with humps taken as the beginnings of words: `MaHoSo` is `ma ho so`, `SRStatus` is `sr status`."""
    return folded(_HUMP.sub(" ", _plain(name)))


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


class Vocabulary:
    """Words that names are made of, to take apart those that are written as one: `NGAYHENTRA`, `startdate`."""

    def __init__(self, names: Iterable[str]) -> None:
        self._words = frozenset(word for name in names for word in name.split() if len(word) >= _SHORTEST)
        self.words = lru_cache(maxsize=4_096)(self._apart)

    def _apart(self, name: str) -> str:
        """The words of a name; one that is not made of known words alone stays as it is."""
        return " ".join(self._split(word) for word in words_of(name).split())

    def _split(self, word: str) -> str:
        if word in self._words or len(word) > _LONGEST:
            return word
        # The fewest words from the beginning to each place.
        best: list[list[str] | None] = [[], *[None] * len(word)]
        for end in range(_SHORTEST, len(word) + 1):
            for begin in range(end - _SHORTEST + 1):
                before = best[begin]
                if before is None or word[begin:end] not in self._words:
                    continue
                if (known := best[end]) is None or len(before) + 1 < len(known):
                    best[end] = [*before, word[begin:end]]
        return " ".join(best[-1]) if best[-1] else word
