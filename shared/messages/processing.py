"""Problems that only processing answers with."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Message

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, Message]] = {}
