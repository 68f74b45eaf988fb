"""What people are told about older encodings, texts read wrongly and saved again, and lost letters."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Text

__all__ = ["ENCODING_TEXTS"]


def _old(name: str, shown: str) -> Text:
    return Text(
        f"Chữ viết theo bảng mã {shown} ở {{count}} dòng đã xem (dòng {{lines}}). Đặt file.repair: {name} để đọc thành"
        " Unicode, hoặc chuyển mã tệp rồi nhập lại.",
        f"Text is in the older encoding {shown}, in {{count}} of the rows looked at (line {{lines}}). Set file.repair:"
        f" {name} to read it as Unicode, or convert the file and import it again.",
    )


#: Codes of encodings and their sentences: what was seen, then what to do.
ENCODING_TEXTS: Final[dict[str, Text]] = {
    "letters_tcvn3": _old("tcvn3", "TCVN3 (ABC)"),
    "letters_vni": _old("vni", "VNI"),
    "letters_viscii": _old("viscii", "VISCII"),
    "letters_windows_1258": _old("windows-1258", "Windows-1258"),
    "letters_mojibake": Text(
        "{count} dòng đã xem có chữ UTF-8 bị đọc sai bảng mã rồi lưu lại (dòng {lines}), như 'Nguyá»…n'. Đặt"
        " file.repair: mojibake để khôi phục, hoặc xuất lại tệp từ nguồn.",
        "{count} of the rows looked at have UTF-8 that was read as another encoding and saved again (line {lines}),"
        " such as 'Nguyá»…n'. Set file.repair: mojibake to undo it, or export the file from its source again.",
    ),
    "letters_lost": Text(
        "{count} dòng có chữ đã mất, còn lại dấu ? hoặc � (dòng {lines}), như 'Nguy?n'. Không khôi phục được: xuất lại"
        " tệp từ nguồn, dạng UTF-8.",
        "{count} rows have lost letters, of which ? or � is left (line {lines}), such as 'Nguy?n'. They cannot be"
        " brought back: export the file from its source again, as UTF-8.",
    ),
    "encoding_differs": Text(
        "Tệp có vẻ viết theo bảng mã {found}, không phải {encoding}. Đặt file.encoding: {found}.",
        "The file seems to be in the encoding {found}, not {encoding}. Set file.encoding: {found}.",
    ),
}
