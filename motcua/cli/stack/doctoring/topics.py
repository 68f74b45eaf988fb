"""Whether topics have the settings their readers rely on, in lines for people. Looks only."""

from __future__ import annotations

import asyncio
from typing import Final

from motcua.cli.words import Language
from shared.broker.topic_care import wrong_settings

__all__ = ["topic_lines"]

_SECONDS: Final = 10.0


def topic_lines(kafka: str, language: Language) -> list[str]:
    """One line for each topic that lacks a setting, or one that says why it is not known."""
    try:
        wrong = asyncio.run(_wrong(kafka))
    except Exception as error:  # noqa: BLE001 - whatever the client raises, it is what is wrong
        return [type(error).__name__]
    word = "thiếu" if language == "vi" else "lacks"
    return [
        f"{name}: {word} {', '.join(f'{setting}={value}' for setting, value in sorted(settings.items()))}"
        for name, settings in sorted(wrong.items())
    ]


async def _wrong(kafka: str) -> dict[str, dict[str, str]]:
    async with asyncio.timeout(_SECONDS):
        return await wrong_settings(kafka, "motcua-doctor")
