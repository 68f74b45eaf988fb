"""The texts of all problems a person may be told about, by code, in Vietnamese and English.

One module per service, one for problems any service has; a code is declared once. Knows no HTTP.
"""

from __future__ import annotations

from typing import Final

from shared.messages import (
    agencies,
    any_service,
    calendar,
    deadletters,
    fields,
    indicators,
    intake,
    metrics,
    petitions,
    processing,
    reading,
    reference,
)
from shared.messages.base import LANGUAGES, Language, Message, Text, choose_language

__all__ = ["LANGUAGES", "MESSAGES", "Language", "Message", "Text", "choose_language"]


def _merge(*catalogues: dict[str, Message]) -> dict[str, Message]:
    merged: dict[str, Message] = {}
    for catalogue in catalogues:
        twice = merged.keys() & catalogue.keys()
        if twice:
            raise ValueError(f"problem codes declared twice: {sorted(twice)}; give each one owner")
        merged |= catalogue
    return merged


#: Every problem code and its texts; an undeclared code is a KeyError.
MESSAGES: Final[dict[str, Message]] = _merge(
    any_service.MESSAGES,
    agencies.MESSAGES,
    calendar.MESSAGES,
    fields.MESSAGES,
    intake.MESSAGES,
    deadletters.MESSAGES,
    processing.MESSAGES,
    petitions.MESSAGES,
    indicators.MESSAGES,
    reading.MESSAGES,
    metrics.MESSAGES,
    reference.MESSAGES,
)
