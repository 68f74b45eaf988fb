"""Vietnamese or English: which one a person reads, and the field's terms for figures in both. Prints nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

__all__ = ["FIGURES", "SIMULATED", "STATES", "STATUSES", "Language", "choose_language", "figure_name"]

Language = Literal["vi", "en"]

#: Stands on every screen of a simulated stack, in both languages whatever was chosen.
SIMULATED: Final = "DỮ LIỆU MÔ PHỎNG / SIMULATED"

#: Short names of counts, by their key on the wire: (vi, en).
FIGURES: Final[dict[str, tuple[str, str]]] = {
    "received": ("tiếp nhận", "received"),
    "carried_over": ("kỳ trước chuyển sang", "carried over"),
    "scope": ("tổng phải giải quyết", "scope"),
    "resolved": ("đã giải quyết", "resolved"),
    "open": ("đang xử lý", "in process"),
    "open_within_term": ("còn hạn", "within term"),
    "on_time_by_instant": ("đúng hạn (thời điểm)", "on time (instant)"),
    "early": ("trước hạn (ngày)", "early"),
    "same_day": ("đúng hạn (ngày)", "on the day"),
    "late_by_date": ("quá hạn (ngày)", "late (date)"),
    "late_by_original_due": ("quá hạn gốc", "late by original due"),
}

#: States of a list of dossiers: (vi, en).
STATES: Final[dict[str, tuple[str, str]]] = {
    "overdue": ("quá hạn", "overdue"),
    "due-soon": ("sắp đến hạn", "due soon"),
    "waiting": ("chờ bổ sung", "waiting for a supplement"),
    "finding": ("có điểm bất thường", "with findings"),
}

#: National status codes of a dossier: (vi, en).
STATUSES: Final[dict[int, tuple[str, str]]] = {
    1: ("Mới đăng ký", "submitted"),
    2: ("Được tiếp nhận", "accepted"),
    3: ("Không được tiếp nhận", "refused"),
    4: ("Đang xử lý", "in process"),
    5: ("Yêu cầu bổ sung giấy tờ", "supplement requested"),
    6: ("Yêu cầu thực hiện nghĩa vụ tài chính", "fee requested"),
    7: ("Công dân yêu cầu rút", "withdrawn"),
    8: ("Dừng xử lý", "stopped"),
    9: ("Đã xử lý xong", "resolved"),
    10: ("Đã trả kết quả", "returned"),
}


def choose_language(environment: Mapping[str, str]) -> Language:
    """The language of a person who did not say: MOTCUA_LANG, else English where LANG is English, else Vietnamese."""
    wanted = environment.get("MOTCUA_LANG") or environment.get("LC_ALL") or environment.get("LANG") or ""
    return "en" if wanted.lower().startswith("en") else "vi"


def figure_name(key: str, language: Language) -> str:
    """The term for a count; the key itself where it has none."""
    vi, en = FIGURES.get(key, (key, key))
    return vi if language == "vi" else en
