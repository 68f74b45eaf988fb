"""The field's terms for figures, states, shares and steps, in Vietnamese and English. Prints nothing, asks nobody."""

from __future__ import annotations

from typing import Any, Final

from motcua.cli.words import Language

__all__ = [
    "COMPONENTS",
    "FIGURES",
    "GROUPS",
    "SHARES",
    "STATES",
    "STEPS",
    "figure_name",
    "list_name",
    "name_of",
    "test_name",
]

Names = dict[str, tuple[str, str]]

#: Counts of dossiers, by their key on the wire: (vi, en).
FIGURES: Final[Names] = {
    "received": ("tiếp nhận", "received"),
    "carried_over": ("kỳ trước chuyển sang", "carried over"),
    "scope": ("tổng phải giải quyết", "scope"),
    "resolved": ("đã giải quyết", "resolved"),
    "open": ("đang xử lý", "in process"),
    "open_within_term": ("còn hạn", "within term"),
    "on_time_by_instant": ("đúng hạn", "on time"),
    "late_by_instant": ("quá hạn", "late"),
    "late_by_original_due": ("quá hạn gốc", "late by the original due"),
    "early": ("trước hạn", "early"),
    "same_day": ("đúng hạn", "on the day"),
    "on_time_by_date": ("trước và đúng hạn", "early or on the day"),
    "late_by_date": ("quá hạn", "late"),
    "apology_due": ("phải xin lỗi", "apology owed"),
    "apologised": ("đã xin lỗi", "apologised"),
    "without_apology": ("chưa xin lỗi", "without apology"),
    "intake_submitted": ("nộp phải tiếp nhận theo giờ", "submitted under the intake clock"),
    "intake_in_time": ("tiếp nhận đúng hạn", "answered in time"),
    "intake_overdue": ("tiếp nhận quá hạn", "answered late, or not yet"),
}

#: Figures that only lists and other commands show: (vi, en).
_OTHERS: Final[Names] = {
    "intake_open": ("chờ tiếp nhận, còn hạn", "to be answered, within time"),
    "on_time_with_step_over": ("đúng hạn nhưng có bước quá định mức", "on time though a step was over its budget"),
    "late_within_budgets": ("quá hạn dù mọi bước trong định mức", "late though every step kept its budget"),
}

#: Shares without a score: (vi, en).
SHARES: Final[Names] = {
    "on_time_by_instant": ("tỷ lệ đúng hạn", "share on time"),
    "on_time_by_date": ("tỷ lệ trước và đúng hạn", "share early or on the day"),
    "apology_coverage": ("tỷ lệ đã xin lỗi", "apology coverage"),
    "intake_in_time": ("tỷ lệ tiếp nhận đúng hạn", "share answered in time"),
}

#: Components of index 766: (vi, en).
COMPONENTS: Final[Names] = {
    "2.1": ("2.1 đúng hạn và trước hạn", "2.1 early or on time"),
    "3.3": ("3.3 nộp trực tuyến", "3.3 submitted online"),
}

#: States of a list of dossiers: (vi, en).
STATES: Final[Names] = {
    "open": ("đang xử lý", "in process"),
    "overdue": ("quá hạn", "overdue"),
    "due-soon": ("sắp đến hạn", "due soon"),
    "waiting": ("chờ bổ sung", "waiting for a supplement"),
    "finding": ("có điểm bất thường", "with findings"),
    "overdue-without-apology": ("quá hạn chưa xin lỗi", "overdue without apology"),
    "intake-overdue": ("quá hạn tiếp nhận", "to be answered, past the time"),
}

#: Counts and times of steps: (vi, en).
STEPS: Final[Names] = {
    "ended": ("đã xong", "ended"),
    "with_budget": ("có định mức", "with budget"),
    "over_budget": ("quá định mức", "over budget"),
    "over_share": ("% quá", "% over"),
    "over_us": ("thời gian quá", "time over"),
    "median_us": ("trung vị", "median"),
    "p90_us": ("p90", "p90"),
    "over_on_time": ("quá định mức, hồ sơ đúng hạn", "over, dossier on time"),
    "under_way": ("đang giữ", "under way"),
    "over_now": ("đang quá", "over now"),
    "over_so_far_us": ("quá đến nay", "over so far"),
    "total_over_us": ("tổng quá", "over in all"),
}

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


def name_of(names: Names, key: str, language: Language) -> str:
    """The term for a key; the key itself where it has none."""
    vi, en = names.get(key, (key, key))
    return vi if language == "vi" else en


def test_name(test: str | None, language: Language) -> str:
    """What a figure judges by, in words; a dash for what judges nothing."""
    return "-" if test is None else name_of(_TESTS, test, language)


def figure_name(key: str, language: Language, tests: dict[str, Any] | None = None) -> str:
    """The term for a count of dossiers, with the test it judges by if those are given (key → test)."""
    name = name_of(FIGURES | _OTHERS, key, language)
    test = (tests or {}).get(key)
    return f"{name} ({test_name(test, language)})" if test else name


def list_name(figure: str, language: Language) -> str:
    """The heading of a list of dossiers behind a figure, component or share."""
    head, dot, side = figure.rpartition(".")
    if not dot or side not in ("numerator", "denominator"):
        return figure_name(figure, language)
    vi = {"numerator": "tử số", "denominator": "mẫu số"}[side]
    return f"{name_of(COMPONENTS | SHARES, head, language)}, {vi if language == 'vi' else side}"
