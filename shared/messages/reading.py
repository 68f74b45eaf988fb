"""Problems of what a key may see, the same in every service."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Message, Text

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, Message]] = {
    "unit_not_readable": Message(
        Text("Không có quyền xem hồ sơ của đơn vị này", "The cases of this unit are not yours to read"),
        Text(
            "Khoá này không đọc được hồ sơ của đơn vị {value}; nó đọc được: {units}, và các đơn vị bên dưới.",
            "This key does not read cases of the unit {value}; it reads those of {units}, and all below.",
        ),
        Text(
            "Hỏi một trong các đơn vị đó, hoặc không nêu đơn vị để xem mọi hồ sơ khoá này đọc được; "
            "cần nhiều hơn thì đề nghị quản trị.",
            "Ask for one of those, or for no unit to see every case this key reads; for more ask the administrator.",
        ),
    ),
    "dossier_unknown_or_hidden": Message(
        Text("Không có hồ sơ này, hoặc không phải của đơn vị bạn", "No such dossier, or none of your units"),
        Text(
            "Chưa có hồ sơ mã {value}, hoặc khoá này không đọc được: nó đọc hồ sơ của {units} và các đơn vị bên dưới, "
            "và những hồ sơ đã qua tay các đơn vị đó.",
            "No dossier with the code {value} is known (yet), or this key does not read it: it reads those of {units} "
            "and all below, and those that went through their hands.",
        ),
        Text(
            "Kiểm tra mã; nếu vừa gửi, hỏi lại sau ít giây; nếu mã đúng, hỏi đơn vị giữ hồ sơ hoặc quản trị.",
            "Check the code; if it was just sent, ask again in a few seconds; if it is right, ask the unit that has "
            "the dossier, or the administrator.",
        ),
    ),
}
