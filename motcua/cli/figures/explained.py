"""How a dossier's explanation looks: the sentences processing gives, under headings. Explains nothing itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from motcua.cli.session import Session

__all__ = ["show_explanation"]

_BASIS: Final = ("Căn cứ", "What it rests on")
_INTAKE: Final = ("Tiếp nhận", "Intake")
_TERMS: Final = {
    "statutory": ("Thời hạn theo quy định", "Term by law"),
    "committed": ("Thời hạn cam kết", "Committed term"),
}
_PARTS: Final = (
    ("pauses", "Tạm dừng", "Pauses"),
    ("dues", "Hạn trả", "Due date"),
    ("verdicts", "Xét hạn", "Tests"),
    ("steps", "Các bước", "Steps"),
    ("findings", "Bất thường", "Findings"),
)


def show_explanation(session: Session, explanation: Mapping[str, Any]) -> None:
    """Print every sentence in the order it was given; a heading where another part begins.

    Args:
        session: for its language.
        explanation: as processing answers it.
    """
    of_part = _headings(explanation)
    # Terms share most of their sentences, so only where each begins tells them apart.
    terms = [(term["sentences"][0]["en"], _TERMS[term["kind"]]) for term in explanation["terms"]]
    current: tuple[str, str] | None = None
    for sentence in explanation["sentences"]:
        # What belongs to no part goes with what is before it; what an intake is followed by is about the dossier.
        found = of_part.get(sentence["en"], _BASIS if current in (None, _INTAKE) else current)
        if terms and sentence["en"] == terms[0][0]:
            found = terms.pop(0)[1]
        if found != current:
            session.out.print(session.say(*found or _BASIS), style="bold")
            current = found
        session.out.print(f"  {sentence[session.language]}", markup=False, soft_wrap=True)


def _headings(explanation: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """The heading of each sentence that belongs to a part, by its English words."""
    found = {sentence["en"]: _INTAKE for sentence in (explanation["intake"] or {}).get("sentences", ())}
    for key, vi, en in _PARTS:
        for part in explanation[key]:
            found |= {sentence["en"]: (vi, en) for sentence in _sentences(part)}
    return found


def _sentences(part: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    yield from part.get("sentences", ())
    if "sentence" in part:
        yield part["sentence"]
