"""Names of members that hold personal data, in the spellings of the field's systems. Pure; knows names, never values.

Personal data stay out of the journal, which is kept for ever (Law on Personal Data Protection 91/2025/QH15).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

__all__ = ["FREE_TEXT", "find_personal", "is_personal"]

#: A name that holds one of these, after case, diacritics and punctuation are taken away, is personal.
_PARTS: Final = (
    # who: names of applicants, owners, citizens, officials
    "hoten", "hovaten", "tennguoi", "tencongdan", "tencanbo", "chuhoso", "nguoinop", "nguoidangky", "nguoinhan",
    "nguoiyeucau", "nguoidaidien", "nguoiuyquyen", "tochuccanhan", "fullname", "firstname", "lastname", "surname",
    "givenname", "middlename", "applicant", "citizen", "petitioner", "personname", "ownername", "contactname",
    # numbers that name a person
    "cmnd", "cmtnd", "cccd", "cancuoc", "chungminh", "sodinhdanh", "madinhdanhcanhan", "dinhdanhcanhan", "sogiayto",
    "giaytotuythan", "hochieu", "passport", "identitynumber", "identitycard", "identityno", "idcard", "idnumber",
    "nationalid", "personalid", "masothue", "taxcode", "taxnumber", "bhxh", "bhyt", "socialinsurance",
    "healthinsurance", "sotaikhoan", "bankaccount", "accountnumber",
    # how to reach one
    "dienthoai", "didong", "sodt", "phone", "mobile", "telephone", "email", "thudientu", "zalo", "facebook",
    "diachi", "address", "thuongtru", "tamtru", "noio", "residence", "ipaddr", "latitude", "longitude",
    # what one is
    "ngaysinh", "namsinh", "noisinh", "birth", "gioitinh", "gender", "dantoc", "ethnic", "tongiao", "religion",
    "quoctich", "nationality", "quequan", "hometown", "anhchandung", "portrait", "vantay", "fingerprint", "biometric",
)  # fmt: skip
#: Names that are personal only when they stand alone.
_WHOLE: Final = frozenset(
    {"ten", "ho", "hodem", "tendem", "name", "sdt", "dt", "tel", "sex", "dob", "mst", "cif", "ssn", "owner", "person"}
)
#: Members whose values are meant to be codes, but in which senders write sentences about people.
FREE_TEXT: Final = frozenset({"reason", "form", "error_code"})

#: Characters of a path and of a name that are looked at.
_LONGEST: Final = 200
#: A tenth of the time of looking for each part, for most names.
_PART: Final = re.compile("|".join(map(re.escape, _PARTS)))
_PUNCTUATION = re.compile(r"[^a-z0-9]")


def is_personal(name: str) -> bool:
    """Whether a member's name says that it holds personal data, in Vietnamese or English."""
    plain = _plain(name)
    return plain in _WHOLE or _PART.search(plain) is not None


def find_personal(value: Any, path: str = "") -> Iterator[str]:
    """Paths of all members with personal names, at any depth of a JSON value; each cut to 200 characters."""
    # Not by recursion: what is looked at may be nested as deep as a parser takes it.
    waiting = [_inside(value, path)]
    while waiting:
        for inner, name, member in waiting[-1]:
            if name is not None and is_personal(name):
                yield inner
            elif isinstance(member, (dict, list)):
                waiting.append(_inside(member, inner))
                break
        else:
            waiting.pop()


def _inside(value: Any, path: str) -> Iterator[tuple[str, str | None, Any]]:
    """What an object or list holds: path, name of a member, and value."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield (f"{path}.{name[:_LONGEST]}" if path else name)[:_LONGEST], name, member
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield f"{path}[{index}]"[:_LONGEST], None, member


def _plain(name: str) -> str:
    """Lower case, without diacritics and punctuation: `Số định danh` and `so_dinh_danh` are the same."""
    letters = name[:_LONGEST].lower().replace("đ", "d")
    if letters.isascii():
        return _PUNCTUATION.sub("", letters)
    decomposed = unicodedata.normalize("NFD", letters)
    return _PUNCTUATION.sub("", "".join(c for c in decomposed if not unicodedata.combining(c)))
