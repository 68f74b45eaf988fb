"""What is said while something is waited for, and goes on by itself once it is there. Plain data."""

from __future__ import annotations

from typing import Final

from shared.notes import Note

__all__ = ["NOT_STARTED", "waiting_for"]

NOT_STARTED: Final = Note.of("not started", "chưa bắt đầu đọc")


def waiting_for(topic: str, error: Exception) -> Note:
    """A topic cannot be read now."""
    kind = type(error).__name__
    return Note.of(f"{kind} on {topic}", f"{kind} ở chủ đề {topic}")
