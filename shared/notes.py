"""What a service tells of itself beside whether it is ready. Plain data."""

from __future__ import annotations

from typing import Self

__all__ = ["Note", "in_language", "since"]


def in_language(note: str, language: str) -> str:
    """A note in "vi" or "en"; a plain text is in one language alone."""
    return note.in_language(language) if isinstance(note, Note) else note


def since(prefix: str, note: str) -> str:
    """A note behind what it is said of, in both languages where it has them."""
    if not isinstance(note, Note):
        return f"{prefix}: {note}"
    return Note.of(f"{prefix}: {note}", f"{prefix}: {note.vi}")


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

    def in_language(self, language: str) -> str:
        """The note in "vi" or "en"."""
        return self.vi if language == "vi" else str(self)

    def __new__(cls, what: str, remedy: str, *, vi: str, vi_remedy: str) -> Self:
        """The note; what is wrong and the remedy stand on both sides of an arrow."""
        return cls.of(f"{what} → {remedy}", f"{vi} → {vi_remedy}")

    @classmethod
    def of(cls, en: str, vi: str) -> Self:
        """A note whose texts are whole already."""
        note = super().__new__(cls, en)
        note.vi = vi
        return note
