"""Help, mistakes, dates and numbers in the reader's language, and in that one alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from motcua.cli.dates import named_period, parse_date, wire_date
from motcua.cli.errors import CommandError
from motcua.cli.front.app import app
from motcua.cli.front.language import BETWEEN, in_language
from motcua.cli.main import main
from motcua.cli.printing.local_forms import date_text, number_text, read_in

VIETNAMESE = re.compile("[àáâãèéêìíòóôõùúýăđĩũơưạ-ỹ]", re.IGNORECASE)


def declared(command: Any, path: str = "motcua") -> Iterator[tuple[str, str, str]]:
    """Every text of help: of which command, of what, the text."""
    yield path, "", command.help or ""
    for parameter in command.params:
        yield path, parameter.name, parameter.help or ""
    for name, below in getattr(command, "commands", {}).items():
        yield from declared(below, f"{path} {name}")


TEXTS = list(declared(typer.main.get_command(app)))
COMMANDS = sorted({path for path, _, _ in TEXTS})


def test_every_text_is_declared_once_in_each_language_or_in_none() -> None:
    for path, name, text in TEXTS:
        assert text, (path, name)
        vi, between, en = text.partition(BETWEEN)
        assert BETWEEN not in en, (path, name, text)
        # Words of both languages alone need no halves, such as `vi | en`.
        assert between or not VIETNAMESE.search(vi), (path, name, text)
        assert not VIETNAMESE.search(en), (path, name, text)


@pytest.mark.parametrize("path", COMMANDS)
def test_help_is_in_the_language_chosen(
    path: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = path.split()[1:]
    assert main([*words, "--help", "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert not VIETNAMESE.search(english), english
    monkeypatch.setenv("MOTCUA_LANG", "vi")
    assert main([*words, "--help"]) == 0
    vietnamese = capsys.readouterr().out
    assert "Cách dùng: motcua" in vietnamese
    assert not re.search(r"\b(Usage|Options|Arguments|Commands|default|required|Show this|the|of)\b", vietnamese)
    assert BETWEEN not in vietnamese.replace("--wait / --no-wait", "")


@pytest.mark.parametrize(
    ("words", "vi", "en"),
    [
        (["dossier"], "thiếu tham số code (xem `motcua dossier --help`)", "Missing argument 'code'."),
        (["dosiers"], "không có lệnh 'dosiers'; có phải 'dossiers'", "No such command 'dosiers'"),
        (["steps", "--bys", "x"], "không có tùy chọn --bys", "No such option: --bys"),
        (["steps", "--limit", "ten"], "--limit: phải là một số", "Invalid value for '--limit'"),
        (["steps", "--limit", "0"], "--limit: phải từ 1 trở lên", "Invalid value for '--limit'"),
        (["due", "1", "2"], "thừa tham số: 1 2", "unexpected extra argument"),
        (["calendar"], "Cách dùng: motcua calendar", "Usage: motcua calendar"),
    ],
)
def test_mistakes_of_usage_are_told_in_the_language_chosen(
    words: list[str], vi: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--lang", "vi"]) == 2
    assert vi in capsys.readouterr().err
    assert main([*words, "--lang", "en"]) == 2
    told = capsys.readouterr().err
    assert en in told
    assert not VIETNAMESE.search(told)


def test_halves_of_a_text() -> None:
    assert in_language("Số dòng / rows.", "vi") == "Số dòng."
    assert in_language("Số dòng / rows.", "en") == "Rows."
    assert in_language("vi | en.", "vi") == "vi | en."
    assert in_language("live: thật / live: real.", "en") == "live: real."


def test_dates_and_numbers_as_people_write_them() -> None:
    try:
        read_in("vi")
        assert [date_text(one) for one in ("2026-11-30", "2026-11", "2026-11-30 08:05", "-", "H44-2026-11-30")] == [
            *("30/11/2026", "11/2026", "30/11/2026 08:05", "-", "H44-2026-11-30"),
        ]
        assert (number_text("62.16"), number_text("0.00"), number_text(None)) == ("62,16", "0,00", None)
    finally:
        read_in("en")
    assert (date_text("2026-11-30"), number_text("62.16")) == ("2026-11-30", "62.16")


def test_dates_are_typed_in_either_form() -> None:
    assert parse_date("30/11/2026", "--from") == parse_date("2026-11-30", "--from")
    assert wire_date("1/7/2025", "--units-on") == "2025-07-01"
    assert wire_date(None, "--day") is None
    assert named_period("02/2026") == named_period("2026-02")
    assert named_period("28/02/2026") == named_period("2026-02-28")
    for wrong in ("31/02/2026", "11/30/2026", "30/11/26", "30-11-2026", "0/1/2026"):
        with pytest.raises(CommandError):
            parse_date(wrong, "--from")


def test_json_stays_in_the_form_of_machines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["due", "--start", "2026-11-30", "--term", "1 working day", "--json", "--home", str(tmp_path)]
    assert main(["--lang", "vi", *words]) == 0
    assert '"due": "2026-12-01T17:00:00+07:00"' in capsys.readouterr().out
