"""Whether a word is a Vietnamese syllable: the statistics by which encodings are told apart. Pure.

An encoding that is read as another one gives letters that Vietnamese does not put together. What may stand together is
few: about 25 beginnings, 160 rhymes, one tone, and only two tones before a final c, ch, p or t.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from unicodedata import normalize

__all__ = ["is_syllable"]

_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_BEGINNINGS: Final = (
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "qu",
    "r", "s", "t", "th", "tr", "v", "x",
)  # fmt: skip
_RHYMES_TEXT: Final = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng
eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu o oc oi
om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo
oet oong ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uân uâng uât uây uê
uêch uên uênh uôc uôi uôm uôn uông uôt uơ uy uya uych uyên uyêt uynh uyt uyu ư ưa ưc ưi ưm ưn ưng ưt
ưu ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu ynh yt ych
"""
_RHYMES: Final = frozenset(_RHYMES_TEXT.split())
_STOPS: Final = ("c", "ch", "p", "t")
_OF_STOPS: Final = frozenset(["", "\u0301", "\u0323"])
_LONGEST: Final = 7


@lru_cache(maxsize=65_536)
def is_syllable(word: str) -> bool:
    """Whether a word is a syllable of Vietnamese, in any case and in either place of the tone."""
    if len(word) > 2 * _LONGEST:
        return False
    apart = normalize("NFD", word.lower())
    tones = [sign for sign in apart if sign in _TONES]
    plain = normalize("NFC", "".join(sign for sign in apart if sign not in _TONES))
    if len(tones) > 1 or len(plain) > _LONGEST:
        return False
    if plain.endswith(_STOPS) and "".join(tones) not in _OF_STOPS:
        return False
    return any(plain[len(begin) :] in _RHYMES for begin in _BEGINNINGS if plain.startswith(begin))
