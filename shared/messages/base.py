"""What a problem's texts are made of, and which language a reader wants. Knows no HTTP framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["LANGUAGES", "Language", "Message", "Text", "choose_language"]

Language = Literal["vi", "en"]

#: Languages of all texts; the first is used where a reader names none of them.
LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages, with `{name}` where a parameter goes."""

    vi: str
    en: str

    def fill(self, language: Language, parameters: Mapping[str, object]) -> str:
        """The sentence in a language; a parameter nobody gave stays visible as `{name}`."""
        return (self.vi if language == "vi" else self.en).format_map(_Visible(parameters))


@dataclass(frozen=True, slots=True)
class Message:
    """The texts of one problem code: what it is, what happened here, and what to do about it."""

    title: Text
    detail: Text
    remedy: Text


class _Visible(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def choose_language(accept: str | None) -> Language:
    """The best language for an Accept-Language header (RFC 9110, with q-values); Vietnamese by default."""
    best: Language = LANGUAGES[0]
    best_quality = 0.0
    for part in (accept or "").split(",")[:32]:
        name, _, parameters = part.partition(";")
        tag = name.strip().lower().split("-")[0]
        quality = _quality(parameters)
        if quality <= best_quality:
            continue
        if tag in LANGUAGES:
            best, best_quality = tag, quality
        elif tag == "*":
            best, best_quality = LANGUAGES[0], quality
    return best


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            try:
                return max(0.0, min(1.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0
