"""Older Vietnamese encodings as tables between characters. Pure.

A text in such an encoding is taken as its bytes read as Latin-1, which is how cells typed in an old font look in a
workbook too: `§¬n vÞ` (TCVN3), `Ñôn vò` (VNI).

Sources: TCVN3 ("ABC", fonts .VnTime): TCVN 5712:1993, sets VN2 and VN3, in which capitals with a tone are the small
letters of a capital font. VISCII: RFC 1456. VNI: the double byte encoding of VNI for Windows (fonts VNI-Times), a vowel
and then the sign of its tone. Windows-1258: the code page of that name, a vowel and then a combining tone.
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

__all__ = ["from_tcvn3", "from_viscii", "from_vni", "from_windows_1258"]

#: From A1 on; B0 to B4 are combining tones.
_TCVN3_A1: Final = "ĂÂÊÔƠƯĐăâêôơưđẰ"
_TCVN3_B5: Final = "àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
#: From 80 on, and the letters in place of controls.
_VISCII_80: Final = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_VISCII_CONTROLS: Final = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}


def _windows(table: dict[int, str]) -> dict[int, str]:
    """The same for a text whose bytes were read as windows-1252, where 80 to 9F are other characters."""
    seen = {ord(bytes([code]).decode("windows-1252", "replace")): text for code, text in table.items() if code < 0xA0}
    seen.pop(0xFFFD, None)
    return table | seen


#: Signs that windows-1252 has where Latin-1 has controls, such as dashes and quotes; the older encodings keep them.
_SIGNS: Final = {code: sign for code in range(0x80, 0xA0) if (sign := bytes([code]).decode("windows-1252", "ignore"))}
_TCVN3: Final = (
    _SIGNS
    | {0xA1 + place: letter for place, letter in enumerate(_TCVN3_A1)}
    | {0xB5 + place: letter for place, letter in enumerate(_TCVN3_B5)}
)
_VISCII: Final = _windows({0x80 + place: letter for place, letter in enumerate(_VISCII_80)} | _VISCII_CONTROLS)
_W1258: Final = _SIGNS | {
    code: letter for code in range(0xA1, 0x100) if (letter := bytes([code]).decode("windows-1258")) != chr(code)
}

_TONES: Final = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_ROOF: Final = dict(zip("âáàåãä", ["", *"\u0301\u0300\u0309\u0303\u0323"], strict=True))
_BREVE: Final = dict(zip("êéèúüë", ["", *"\u0301\u0300\u0309\u0303\u0323"], strict=True))
_SINGLE: Final = {
    "ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì",
}  # fmt: skip
_PAIR: Final = re.compile("([aeouyôö])([ùøûõïâáàåãäêéèúüë])|([ôöñæóòîíì])", re.IGNORECASE)


def from_tcvn3(text: str) -> str:
    """TCVN3 (ABC) as Unicode."""
    return normalize("NFC", text.translate(_TCVN3))


def from_viscii(text: str) -> str:
    """VISCII as Unicode."""
    return text.translate(_VISCII)


def from_windows_1258(text: str) -> str:
    """Windows-1258 that was read as windows-1252 as Unicode."""
    return normalize("NFC", text.translate(_W1258))


def from_vni(text: str) -> str:
    """VNI for Windows as Unicode."""
    return _PAIR.sub(_letter, text.translate(_SIGNS))


def _letter(found: re.Match[str]) -> str:
    vowel, sign, single = found.groups()
    if single is not None:
        made = _SINGLE[single.lower()]
        return made.upper() if single.isupper() else made
    low, mark = vowel.lower(), sign.lower()
    base = _SINGLE.get(low, low)
    if mark in _TONES:
        made = base + _TONES[mark]
    elif low in "aeo" and mark in _ROOF:
        made = base + "\u0302" + _ROOF[mark]
    elif low == "a" and mark in _BREVE:
        made = base + "\u0306" + _BREVE[mark]
    else:
        # Two letters that are no pair: each by itself.
        return from_vni(vowel) + from_vni(sign)
    made = normalize("NFC", made)
    return made.upper() if vowel.isupper() else made
