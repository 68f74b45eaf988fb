"""Lines of the doctor about codes: those an older version took in another form, and those that look like another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from motcua.cli.words import Language

__all__ = ["alike_codes", "odd_codes"]

_KINDS: Final = {
    "dossiers": ("hồ sơ", "dossiers"),
    "units": ("đơn vị", "units"),
    "procedures": ("thủ tục", "procedures"),
    "steps": ("bước", "steps"),
}
_WHY: Final = {
    "blanks": ("khoảng trắng", "blanks"),
    "accents": ("dấu chưa ở dạng NFC", "accents not in NFC"),
    "dots": ("không tra cứu được", "cannot be looked up"),
}
_SHOWN: Final = 5


def odd_codes(answer: Mapping[str, Any], language: Language) -> Iterator[str]:
    """A line for each kind of which the figures hold codes in another form than doors keep.

    Args:
        answer: what metrics tells at /v1/odd-codes.
        language: of the lines.
    """
    place = 0 if language == "vi" else 1
    for kind, words in _KINDS.items():
        told = answer[kind]
        if told["count"]:
            shown = [f"'{one['code']}' ({_WHY.get(one['why'], (one['why'],) * 2)[place]})" for one in told["codes"]]
            yield f"{told['count']} {words[place]}: {_listed(shown, told['count'])}"


def alike_codes(answer: Mapping[str, Any], language: Language) -> Iterator[str]:
    """A line for each kind of which unregistered codes look like another code.

    Args:
        answer: what metrics tells at /v1/unregistered.
        language: of the lines.
    """
    place = 0 if language == "vi" else 1
    for kind, name in (("units", "unit"), ("procedures", "procedure")):
        alike = [one for one in answer[kind]["codes"] if one.get("looks_like")]
        if alike:
            shown = [f"'{one[name]}' ~ '{one['looks_like']}'" for one in alike]
            yield f"{len(alike)} {_KINDS[kind][place]}: {_listed(shown, len(alike))}"


def _listed(shown: list[str], count: int) -> str:
    return ", ".join(shown[:_SHOWN]) + (", …" if count > _SHOWN else "")
