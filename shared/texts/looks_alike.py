"""Whether two texts look alike though they are different: another case, letters of another alphabet, 0 for O. Pure.

For warnings only: nothing is taken for another thing because it looks like it. Look-alike letters are Unicode's
confusables (UTS 39), by the package confusable-homoglyphs, which is loaded when the first text is asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final
from unicodedata import combining, normalize

from shared.texts.normal_form import normal_form
from shared.texts.signs import is_odd

__all__ = ["Lookalikes", "appearances"]

#: Signs that differ in no way people see at a glance in a list: dashes, and apostrophes.
_STROKES: Final = dict.fromkeys("‐‑‒–—−﹣－", "-") | dict.fromkeys("’‘ʼ´`＇", "'")


def appearances(text: str) -> frozenset[str]:
    """What a text looks like: two texts look alike when they have one of these in common."""
    seen = "".join(sign for sign in normal_form(normalize("NFKC", text)) if not is_odd(sign))
    plain = normalize("NFKD", seen)
    letters = _letters()
    drawn = "".join(sign if combining(sign) else letters.get(sign, sign) for sign in plain)
    return frozenset({plain.casefold(), drawn.casefold()})


class Lookalikes:
    """Texts by what they look like.

    Args:
        texts: among which look-alikes are sought; of several the first that is found.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_look: dict[str, list[str]] = {}
        for text in texts:
            for look in appearances(text):
                self._by_look.setdefault(look, []).append(text)

    def of(self, text: str) -> str | None:
        """Another text that looks like this one; None where there is none."""
        found = (other for look in sorted(appearances(text)) for other in self._by_look.get(look, ()))
        return next((other for other in found if other != text), None)


@cache
def _letters() -> Mapping[str, str]:
    """The sign that stands for all that look like one, by each of them: a letter of ASCII where one of them is."""
    # 900 kB of JSON: only who asks has to wait for it.
    from confusable_homoglyphs.confusables import confusables_data  # noqa: PLC0415

    stand: dict[str, str] = {}

    def root(sign: str) -> str:
        while stand.get(sign, sign) != sign:
            sign = stand[sign]
        return sign

    several: dict[str, str] = {}
    for sign, others in confusables_data.items():
        for other in (each["c"] for each in others):
            if len(sign) == 1 and len(other) == 1:
                first, second = sorted((root(sign), root(other)), key=_rank)
                stand[second] = first
            elif len(sign) == 1 and len(others) == 1:
                several[sign] = normalize("NFKD", other)
    found = several | {sign: root(sign) for sign in stand}
    return MappingProxyType(found | _STROKES)


def _rank(sign: str) -> tuple[bool, bool, str]:
    return (not sign.isascii(), not sign.isalpha(), sign)
