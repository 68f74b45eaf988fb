"""Writes Unicode in older Vietnamese encodings, from their descriptions: the product only reads them."""

from __future__ import annotations

from unicodedata import normalize

__all__ = ["WRITERS", "misread"]

_TONES = "\u0301\u0300\u0309\u0303\u0323"
_NAMED = dict(zip(_TONES, "ùøûõï", strict=True))
_ROOF = dict(zip(("", *_TONES), "âáàåãä", strict=True))
_BREVE = dict(zip(("", *_TONES), "êéèúüë", strict=True))
_VNI = {"ơ": "ô", "ư": "ö", "đ": "ñ", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "í": "í", "ì": "ì"}
#: Rows of the code chart of TCVN 5712, set VN3: tones in the order grave, hook, tilde, acute, dot.
_TCVN3 = {
    "ĂÂÊÔƠƯĐăâêôơưđ": range(0xA1, 0xAF),
    "àảãáạ": range(0xB5, 0xBA),
    "ằẳẵắ": range(0xBB, 0xBF),
    "ặầẩẫấậè": range(0xC6, 0xCD),
    "ẻẽéẹềểễếệìỉ": range(0xCE, 0xD9),
    "ĩíịò": range(0xDC, 0xE0),
    "ỏõóọồổỗốộờởỡớợù": range(0xE1, 0xF0),
    "ủũúụừửữứựỳỷỹýỵ": range(0xF1, 0xFF),
}
_TCVN3_OF = {
    letter: chr(code) for letters, codes in _TCVN3.items() for letter, code in zip(letters, codes, strict=True)
}


def _apart(letter: str) -> tuple[str, str, str]:
    """A letter's base, its shape and its tone."""
    apart = normalize("NFD", letter)
    base, signs = apart[0], apart[1:]
    return base, "".join(s for s in signs if s not in _TONES), "".join(s for s in signs if s in _TONES)


def _tcvn3(text: str) -> str:
    """Capitals with a tone are small letters of a capital font."""
    return "".join(_TCVN3_OF.get(one) or _TCVN3_OF.get(one.lower(), one) for one in text)


def _vni_letter(letter: str) -> str:
    low = letter.lower()
    base, shape, tone = _apart(low)
    if low in _VNI:
        made = _VNI[low]
    elif shape == "\u0302":
        made = base + _ROOF[tone]
    elif shape == "\u0306":
        made = base + _BREVE[tone]
    elif tone or shape:
        made = _VNI.get(normalize("NFC", base + shape), base) + (_NAMED[tone] if tone else "")
    else:
        made = low
    return made.upper() if letter.isupper() else made


def _vni(text: str) -> str:
    return "".join(_vni_letter(one) for one in text)


def _windows_1258(text: str) -> str:
    apart = "".join(normalize("NFC", base + shape) + tone for base, shape, tone in map(_apart, text))
    return apart.encode("windows-1258", "replace").decode("latin-1")


#: Text as its bytes read as Latin-1.
WRITERS = {"tcvn3": _tcvn3, "vni": _vni, "windows-1258": _windows_1258}


def misread(text: str, code_page: str, times: int = 1) -> str:
    """UTF-8 read as a code page and saved again."""
    for _ in range(times):
        text = "".join(bytes([byte]).decode(code_page, "ignore") or chr(byte) for byte in text.encode())
    return text
