"""The field's terms for figures, states, shares and steps: those of figures as the service declares them (/v1/figures).

Prints nothing. A key that the service does not name is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from motcua.cli.services import Services
from motcua.cli.words import Language

__all__ = ["GROUPS", "PETITION_STATES", "STATES", "FigureNames", "figure_names", "name_of", "test_name"]

Names = dict[str, tuple[str, str]]

#: States that a list can be asked for, as the help names them without asking anybody.
STATES: Final = ("open", "overdue", "due-soon", "waiting", "finding", "overdue-without-apology", "intake-overdue")

PETITION_STATES: Final = ("open", "waiting", "overdue", "ended-late", "bad")

#: What figures are grouped by: (vi, en).
GROUPS: Final[Names] = {
    "unit": ("đơn vị", "unit"),
    "step": ("bước", "step"),
    "procedure": ("thủ tục", "procedure"),
    "channel": ("kênh", "channel"),
    "month": ("tháng", "month"),
}

#: What a figure compares with the due: its instant, or its local date; steps compare with their budget.
_TESTS: Final[Names] = {
    "instant": ("thời điểm", "instant"),
    "date": ("ngày", "date"),
    "budget": ("định mức", "budget"),
}


#: What tells kinds of figures of other populations from those of dossiers.
_OF: Final = {"steps": "step ", "petitions": "petition "}


def name_of(names: Names, key: str, language: Language) -> str:
    """The term for a key; the key itself where it has none."""
    vi, en = names.get(key, (key, key))
    return vi if language == "vi" else en


def test_name(test: str | None, language: Language) -> str:
    """What a figure judges by, in words; a dash for what judges nothing."""
    return "-" if test is None else name_of(_TESTS, test, language)


class FigureNames:
    """What figures are called.

    Args:
        answer: of /v1/figures.
        language: of the names.
    """

    def __init__(self, answer: Mapping[str, Any], language: Language) -> None:
        self._language = language
        self._names: dict[tuple[str, str], str] = {}
        self._beside: list[str] = []
        for one in answer["figures"]:
            kind = _OF.get(one["population"], "") + one["kind"]
            self._names[kind, one["key"]] = one["name"][language]
            if kind == "count" and one.get("beside"):
                self._beside.append(one["key"])

    @property
    def beside(self) -> list[str]:
        """Counts that stand beside every index, in their order."""
        return self._beside

    @property
    def components(self) -> list[str]:
        """Codes of the scored components, in their order."""
        return [key for kind, key in self._names if kind == "component"]

    def figure(self, key: str, tests: Mapping[str, Any] | None = None) -> str:
        """The term for a count of dossiers, with the test it judges by if those are given (key → test)."""
        name = self._names.get(("count", key), key)
        test = (tests or {}).get(key)
        return f"{name} ({test_name(test, self._language)})" if test else name

    def component(self, code: str) -> str:
        """A component, its code before its name."""
        name = self._names.get(("component", code))
        return code if name is None else f"{code} {name}"

    def share(self, key: str) -> str:
        """A share without a score."""
        return self._names.get(("share", key), key)

    def state(self, key: str) -> str:
        """A state of dossiers."""
        return self._names.get(("state", key), key)

    def petition_state(self, key: str) -> str:
        """A state of petitions."""
        return self._names.get(("petition state", key), key)

    def step(self, key: str) -> str:
        """A count or measure of steps."""
        return self._names.get(("step count", key)) or self._names.get(("step measure", key), key)

    def list_of(self, figure: str) -> str:
        """The heading of a list of dossiers behind a figure, component or share."""
        head, dot, side = figure.rpartition(".")
        if not dot or side not in ("numerator", "denominator"):
            return self.figure(figure)
        vi = {"numerator": "tử số", "denominator": "mẫu số"}[side]
        whole = self.component(head) if ("component", head) in self._names else self.share(head)
        return f"{whole}, {vi if self._language == 'vi' else side}"


def figure_names(services: Services, language: Language) -> FigureNames:
    """The names, asked of the service."""
    return FigureNames(services.get("metrics", "/v1/figures"), language)
