"""Vietnamese or English: which one a person reads, and the terms for a dossier's details in both. Prints nothing.

Terms for figures are in figure_words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

__all__ = [
    "DETAILS",
    "SIMULATED",
    "STATUSES",
    "Language",
    "choose_language",
    "detail_name",
    "progress_text",
]

Language = Literal["vi", "en"]

#: Stands on every screen of a simulated stack, in both languages whatever was chosen.
SIMULATED: Final = "DỮ LIỆU MÔ PHỎNG / SIMULATED"

#: Words of a dossier's details by their key or value on the wire: (vi, en).
DETAILS: Final[dict[str, tuple[str, str]]] = {
    "calendar_not_made": ("không lập được lịch làm việc", "calendar cannot be made"),
    "due": ("hạn", "due"),
    "since": ("từ", "since"),
    "at": ("lúc", "at"),
    "reason": ("do", "by"),
    "source": ("nguồn", "source"),
    "id": ("mã", "id"),
    "unit": ("đơn vị", "unit"),
    "assigned_at": ("giao", "assigned"),
    "completed_at": ("xong", "completed"),
    "sent_back_at": ("trả lại", "sent back"),
    "budget": ("định mức (phút)", "budget (minutes)"),
    "promised": ("phiếu hẹn", "promised on the receipt"),
    "extension": ("gia hạn", "extension"),
    "supplement_new_date": ("hẹn lại sau bổ sung", "new date after the supplement"),
    "supplement_pause": ("cộng thời gian chờ bổ sung", "pause for the supplement"),
    "fee_pause": ("cộng thời gian chờ nghĩa vụ tài chính", "pause for the fee"),
    "committed": ("thời hạn cam kết", "committed term"),
    "statutory": ("thời hạn theo quy định", "statutory term"),
    "warning": ("sắp đến hạn", "warning"),
    "breach": ("quá hạn", "breach"),
    "recovered": ("đã xong sau quá hạn", "recovered"),
    "of": ("về", "of"),
    "step": ("bước", "step"),
    "occurrence": ("lần", "occurrence"),
    "rung": ("trước (giờ)", "hours before"),
    "owner": ("thuộc về", "owner"),
    "completed": ("xong", "done"),
    "sent_back": ("trả lại", "sent back"),
    "handed_over": ("chuyển giao", "handed over"),
    "cut_off": ("hồ sơ kết thúc", "cut off by the end"),
    "under_way": ("đang làm", "under way"),
    "not_begun": ("chưa bắt đầu", "not begun"),
    "to_repeat": ("phải làm lại", "to be done again"),
    "not_the_owner": ("không phải đơn vị thực hiện bước", "not the owner of the step"),
    "online": ("trực tuyến", "online"),
    "postal": ("bưu chính", "postal"),
    "direct": ("trực tiếp", "direct"),
    "resolved": ("đã xử lý xong", "resolved"),
    "returned": ("đã trả kết quả", "returned"),
    "withdrawn": ("công dân rút", "withdrawn"),
    "stopped": ("dừng xử lý", "stopped"),
    "refused": ("không được tiếp nhận", "refused"),
    "conflicting_content": ("cùng mã, nội dung khác nhau", "same identity, other content"),
    "end_without_acceptance": ("kết thúc mà chưa tiếp nhận", "ended without acceptance"),
    "entry_after_finish": ("bản ghi sau khi kết thúc", "entry after the end"),
    "entry_before_acceptance": ("bản ghi trước khi tiếp nhận", "entry before acceptance"),
    "extension_without_apology": ("gia hạn mà không xin lỗi", "extended without an apology"),
    "extension_without_effect": ("gia hạn không có hiệu lực", "extension without effect"),
    "finish_before_acceptance": ("kết thúc trước khi tiếp nhận", "ended before acceptance"),
    "promised_differs": ("hẹn trả khác thời hạn thủ tục", "promised another date than the term gives"),
    "promised_later_than_law": ("hẹn trả muộn hơn quy định", "promised later than the law allows"),
    "receipt_without_request": ("nhận bổ sung mà không có yêu cầu", "supplement received but not requested"),
    "second_acceptance": ("tiếp nhận lần hai", "accepted twice"),
    "second_end": ("kết thúc lần hai", "ended twice"),
    "sent_back_nowhere": ("trả lại bước không nằm trước đó", "sent back to a step not before it"),
    "step_done_twice": ("bước đã xong từ trước", "step done already"),
    "step_not_in_route": ("bước không có trong quy trình", "step not in the route"),
    "step_out_of_order": ("bước trước lượt", "step before its turn"),
    "step_after_finish": ("bước sau khi kết thúc", "step after the end"),
    "too_many_entries": ("quá nhiều bản ghi", "too many entries"),
    "too_many_not_entitled": ("quá nhiều bản ghi của nơi không có quyền", "too many entries of who may not act"),
    "not_entitled": ("nơi gửi không có quyền", "sender not entitled"),
    "contested_acceptance": ("nhiều nơi cùng tiếp nhận", "accepted by several"),
    "contested_submission": ("nhiều nơi cùng báo nộp", "submitted by several"),
    "petition_old_form": ("phản ánh, kiến nghị theo dạng cũ", "petition in the old form"),
    "petition_not_received": ("phản ánh, kiến nghị chưa được tiếp nhận", "petition that nobody received"),
    "contested_petition": ("phản ánh, kiến nghị do nhiều nơi tiếp nhận", "petition received by several"),
}

#: How steps of starting a stack begin, as the local stack tells them: (English, Vietnamese).
_PROGRESS: Final = (
    ("waiting for starting", "đang chờ chương trình giám sát"),
    ("waiting for stopped", "đang chờ chương trình giám sát"),
    ("waiting for backends", "đang chờ Kafka và cơ sở dữ liệu"),
    ("waiting for topics", "đang chờ tạo các chủ đề của Kafka"),
    ("waiting for running", "đang chờ các dịch vụ"),
    ("waiting for ", "đang chờ "),
    ("resolving Apache Kafka", "đang tải Apache Kafka"),
    ("making the broker's class-data archive", "đang chuẩn bị kho lớp của Kafka"),
    ("ended ", "đã dừng tiến trình mồ côi "),
    ("taking over ", "tiếp quản tiến trình đang chạy "),
)

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


def detail_name(word: str, language: Language) -> str:
    """The term for a key or value among a dossier's details; the word itself where it has none."""
    vi, en = DETAILS.get(word, (word, word))
    return vi if language == "vi" else en


def progress_text(text: str, language: Language) -> str:
    """What the local stack says it is waiting for, in the reader's language as far as it has words for it."""
    for english, vietnamese in _PROGRESS if language == "vi" else ():
        if text.startswith(english):
            return vietnamese + text.removeprefix(english)
    return text
