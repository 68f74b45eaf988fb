"""What a service tells of itself beside whether it is ready. Plain data."""

from __future__ import annotations

from typing import Self

__all__ = ["Note"]


class Note(str):
    """What is wrong without keeping a service from its work, and what to do, in both languages; as text, in English.

    Args:
        what: what is wrong.
        remedy: what to do.
        vi: the same in Vietnamese.
        vi_remedy: the same in Vietnamese.
    """

    __slots__ = ("vi",)

    vi: str

    def __new__(cls, what: str, remedy: str, *, vi: str, vi_remedy: str) -> Self:
        """The note; what is wrong and the remedy stand on both sides of an arrow."""
        note = super().__new__(cls, f"{what} → {remedy}")
        note.vi = f"{vi} → {vi_remedy}"
        return note
