"""What the doctor says of codes: those an older version took in another form, and those that look alike."""

from __future__ import annotations

from motcua.cli.stack.doctoring.codes import alike_codes, odd_codes

NONE = {"count": 0, "codes": []}


def test_odd_codes_are_listed_by_kind_with_what_is_odd() -> None:
    answer = {
        "dossiers": {
            "count": 7,
            "codes": [{"code": f"HS {place} ", "why": "blanks"} for place in range(5)]
            + [{"code": "a\u202e", "why": "U+202E"}, {"code": "..", "why": "dots"}],
        },
        "units": {"count": 1, "codes": [{"code": "Sở", "why": "accents"}]},
        "procedures": NONE,
        "steps": {"count": 1, "codes": [{"code": "ký\u200b", "why": "U+200B"}]},
    }
    dossiers, units, steps = odd_codes(answer, "en")
    assert dossiers.startswith("7 dossiers: 'HS 0 ' (blanks), ")
    assert dossiers.endswith(", …")
    assert units == "1 units: 'Sở' (accents not in NFC)"
    assert steps == "1 steps: 'ký\u200b' (U+200B)"
    assert list(odd_codes(answer, "vi"))[1] == "1 đơn vị: 'Sở' (dấu chưa ở dạng NFC)"
    assert list(odd_codes(dict.fromkeys(answer, NONE), "vi")) == []


def test_look_alikes_stand_beside_what_they_look_like() -> None:
    codes = [{"unit": "Н88", "dossiers": 2, "looks_like": "H88"}, {"unit": "Lạ", "dossiers": 1}]
    answer = {"units": {"codes": codes}, "procedures": {"codes": []}}
    assert list(alike_codes(answer, "en")) == ["1 units: 'Н88' ~ 'H88'"]
    assert list(alike_codes({"units": {"codes": codes[1:]}, "procedures": {"codes": []}}, "vi")) == []
