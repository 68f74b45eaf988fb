"""The page of all figures and reports, from what metrics declares: names, meaning, test, score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from docs.generate.markdown import code, page, table
from services.metrics.http.figures_api import FIGURES_ANSWER

__all__ = ["figures_page"]

_INTRODUCTION: Final = """\
What `GET /v1/figures` tells. The dossiers behind a number: `GET /v1/dossiers?figure=…`, by a count's key, or by that of
a component or share with `.numerator` or `.denominator`. What each counts exactly is in [rules.md](rules.md).
"""
_COUNTS: Final = ("key", "tiếng Việt", "English", "counts", "judged by", "in every index")
_COMPONENTS: Final = (
    "code",
    "tiếng Việt",
    "English",
    "numerator",
    "denominator",
    "points",
    "full at",
    "of nothing",
    "source",
)
_NAMED: Final = ("key", "tiếng Việt", "English", "judged by")
_COLUMNS: Final = ("column", "tiếng Việt", "English", "judged by", "list")


def figures_page() -> str:
    """The page as Markdown."""
    blocks: list[Iterable[str]] = [_INTRODUCTION.splitlines(), [""]]
    for title, population in (("Counts of dossiers", "dossiers"), ("Counts of steps", "steps")):
        rows = [_count(one) for one in _of("count") if one["population"] == population]
        blocks += [[f"## {title}", ""], table(_COUNTS, rows)]
    others = [_count(one) for one in _of("count") if one["population"] not in ("dossiers", "steps")]
    if others:
        blocks += [["## Counts of others", ""], table(_COUNTS, others)]
    blocks += [["## Components of index 766", ""], table(_COMPONENTS, [_component(one) for one in _of("component")])]
    for title, kind in (
        ("Shares without score", "share"),
        ("States of dossiers", "state"),
        ("Measures of steps", "measure"),
    ):
        blocks += [[f"## {title}", ""], table(_NAMED, [_named(one) for one in _of(kind)])]
    for report in FIGURES_ANSWER["reports"]:
        head = f"{report['name']['vi']} ({report['name']['en']}), a row for each `{report['by']}`."
        blocks += [[f"## {report['code']}", "", head, ""], table(_COLUMNS, [_column(one) for one in report["columns"]])]
    return page("Figures", *blocks)


def _of(kind: str) -> list[dict[str, Any]]:
    return [one for one in FIGURES_ANSWER["figures"] if one["kind"] == kind]


def _named(one: dict[str, Any]) -> tuple[str, ...]:
    return code(one["key"]), one["name"]["vi"], one["name"]["en"], one.get("test") or "–"


def _count(one: dict[str, Any]) -> tuple[str, ...]:
    key, vi, en, test = _named(one)
    return key, vi, en, one["meaning"], test, "yes" if one["beside"] and one["population"] == "dossiers" else "–"


def _component(one: dict[str, Any]) -> Sequence[str]:
    score = one["score"]
    sides = [_part(one[side]) for side in ("numerator", "denominator")]
    empty = f"{score['empty']} points, ratio {score['empty_ratio']}"
    words = _named(one)[:3]
    return (*words, *sides, str(score["maximum"]), f"{score['full_at']} %", empty, one["source"])


def _part(part: dict[str, Any]) -> str:
    if part["counts"] == "cases":
        return code(part["figure"])
    return f"{part['counts']} {code(part['of'])}"


def _column(one: dict[str, Any]) -> tuple[str, ...]:
    return str(one["number"]), one["name"]["vi"], one["name"]["en"], one["test"] or "–", code(one["figure"] or "")
