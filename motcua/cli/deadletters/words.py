"""What to do about a dead letter, in words for people, and how its bytes are shown. Asks nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from motcua.cli.words import Language
from shared.broker.topics import generation_of, outbox_unit

__all__ = ["STATES", "entry_in", "remedy", "shown_bytes", "state_name"]

#: States of a letter by their value on the wire: (vi, en).
STATES: Final[dict[str, tuple[str, str]]] = {
    "open": ("chưa giải quyết", "open"),
    "replaying": ("đang phát lại", "being replayed"),
    "replayed": ("đã phát lại", "replayed"),
    "discarded": ("đã bỏ", "discarded"),
}

_MEND: Final = (
    "Tìm hệ thống gửi, sửa ở đó rồi gửi lại; hoặc phát lại với nội dung đã sửa (replay --file).",
    "Find who wrote it, mend it there and send it again; or replay it with corrected content (replay --file).",
)
_BEHIND: Final = (
    "Ai đó ghi thẳng vào sổ sự kiện, không qua intake: kiểm tra quyền ghi (ACL). Mục tốt thì phát lại được nguyên văn.",
    "Somebody writes the journal behind intake's back: see the broker's ACLs. A good entry can be replayed as it is.",
)
_FULL: Final = (
    "Hồ sơ đã tới giới hạn bản ghi; phát lại cũng bị từ chối. Tìm hệ thống gửi lặp, rồi bỏ thư này.",
    "The dossier is at its cap and would refuse it again. Find the sender that floods it, then discard the letter.",
)
#: By reason, of letters about the journal: (vi, en).
_JOURNAL: Final[dict[str, tuple[str, str]]] = {
    "not_json": _MEND,
    "malformed": _MEND,
    "unknown_type": (
        "Loại mục này chưa có trong phiên bản đang chạy: nâng cấp rồi `motcua rebuild`, hoặc sửa và phát lại.",
        "This version does not know the type: upgrade and `motcua rebuild`, or mend it and replay it.",
    ),
    "wrong_key": _BEHIND,
    "wrong_partition": _BEHIND,
    "wrong_kind": (
        "Mục mô phỏng trong hệ thống thật, hoặc ngược lại: tìm ai gửi, rồi bỏ thư này.",
        "A simulated entry in a real stack, or the other way round: find who sent it, then discard the letter.",
    ),
    "too_many_entries": _FULL,
    "too_many_not_entitled": (
        "Nơi gửi không có quyền xử lý hồ sơ này, và hồ sơ đã giữ đủ mục như vậy: tìm ai gửi, rồi bỏ thư này.",
        "Its sender may not act on the dossier, which keeps no more such entries: find who sends them, discard it.",
    ),
    "dossier_too_big": _FULL,
    "engine_error": (
        "Lỗi của phần mềm: báo nhóm phát triển kèm thư này; sau bản sửa, `motcua rebuild` đọc lại mục này đúng chỗ.",
        "A fault of the software: report it with this letter; after the fix `motcua rebuild` reads it in its place.",
    ),
    "personal_field": (
        "Nội dung có thể là dữ liệu cá nhân nên không được giữ: hệ thống gửi bỏ trường đó rồi gửi lại.",
        "The content may be personal and is not kept: its sender leaves the field out and sends it again.",
    ),
}
_DERIVED: Final = (
    "Chủ đề này được suy ra từ sổ sự kiện: xem ai ghi vào đó, `motcua rebuild` nếu số liệu sai, rồi bỏ thư này.",
    "The topic is derived from the journal: see who writes there, `motcua rebuild` if figures differ, then discard it.",
)
_AGENCY: Final = (
    "Cơ quan đã được trả lời lý do: cơ quan sửa và gửi lại. Nếu vừa cấp thêm quyền thì phát lại được nguyên văn.",
    "The agency was told why: it mends it and sends it again. After granting it more, it can be replayed as it is.",
)
_OTHER: Final = (
    "Không phải mục của sổ sự kiện: tìm xem ai ghi vào chủ đề này, rồi bỏ thư.",
    "No entry of the journal: find out who writes to the topic, then discard the letter.",
)
_WIDTH: Final = 16
_MOST_SHOWN: Final = 16_384


def state_name(state: str, language: Language) -> str:
    """The term for a letter's state."""
    vi, en = STATES.get(state, (state, state))
    return vi if language == "vi" else en


def remedy(topic: str, reason: str, language: Language) -> str:
    """What to do about a letter of this reason about a record of this topic."""
    if generation_of(topic) is not None:
        vi, en = _JOURNAL.get(reason, _MEND)
    elif outbox_unit(topic) is not None:
        vi, en = _JOURNAL["personal_field"] if reason == "personal_field" else _AGENCY
    else:
        vi, en = _DERIVED if topic.startswith(("motcua.lifecycle.", "motcua.reference.")) else _OTHER
    return vi if language == "vi" else en


def entry_in(value: bytes | None) -> dict[str, Any] | None:
    """The JSON object in a record's value; None where there is none."""
    try:
        found = json.loads(value or b"")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def shown_bytes(content: bytes) -> str:
    """Bytes as text where they are, else as a hex dump; the beginning of long ones."""
    more = len(content) - _MOST_SHOWN
    shown = content[:_MOST_SHOWN]
    try:
        text = shown.decode("utf-8") if more <= 0 else shown.decode("utf-8", "ignore")
    except UnicodeDecodeError:
        text = "\n".join(_dump(shown))
    else:
        if not all(letter.isprintable() or letter in "\r\n\t" for letter in text):
            text = "\n".join(_dump(shown))
    return text + (f"\n… {more} bytes" if more > 0 else "")


def _dump(content: bytes) -> Iterator[str]:
    for start in range(0, len(content), _WIDTH):
        line = content[start : start + _WIDTH]
        letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in line)
        yield f"{start:08x}  {line.hex(' '):<{_WIDTH * 3 - 1}}  {letters}"
