"""What older journals hold cannot steer the terminal: screens, tables, JSON and errors show signs by code points."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.progress import Progress, TextColumn
from rich.table import Table
from rich.text import Text

from motcua.cli.errors import CommandError
from motcua.cli.figures import dossier, slip
from motcua.cli.main import main
from motcua.cli.printing.console import PlainConsole
from shared.texts.signs import odd_sign
from tests.unit.motcua.cli.figures.test_slip import Stand, entry
from tests.unit.processing.driver import REFERENCE, Partition

#: Red, a title of the window, a cursor movement of C1, writing from right to left, a line of its own.
ODD = ["\x1b[31m", "\x1b]0;x\x07", "\x9b2J", "\u202e", "\u2028", "\u200b", "\x7f"]


def console(**given: Any) -> tuple[PlainConsole, io.StringIO]:
    out = io.StringIO()
    return PlainConsole(file=out, width=100, highlight=False, **given), out


@pytest.mark.parametrize("odd", ODD)
def test_texts_and_cells_show_what_they_hold(odd: str) -> None:
    plain, out = console()
    table = Table("titel" + odd, box=None, title="over" + odd)
    table.add_row(f"in a cell{odd}")
    table.add_row(Text(f"as a text{odd}"))
    plain.print(f"a line{odd}", markup=False)
    plain.print(f"[bold]in markup{odd}[/]", markup=True)
    plain.print(table)
    shown = out.getvalue()
    assert odd_sign(shown.replace("\n", "")) is None
    assert shown.count(f"<U+{ord(odd[0]):04X}>") == 6


def test_our_own_colours_and_lines_go_through() -> None:
    plain, out = console(force_terminal=True, color_system="standard")
    plain.print(Text("red\x1b[2J", style="red"))
    plain.print("[bold]one[/]\ntwo\x9b2J", markup=True)
    shown = out.getvalue()
    assert "\x1b[31mred" in shown
    assert "\x1b[1mone\x1b[0m\ntwo<U+009B>2J\n" in shown
    assert "\x1b[2J" not in shown


def test_styles_of_parts_stay_with_their_parts() -> None:
    plain, out = console(force_terminal=True, color_system="standard")
    plain.print(Text.assemble("a\x1b", ("b\u202ec", "red"), "d"))
    assert out.getvalue() == "a<U+001B>\x1b[31mb\x1b[0m<U+202E>\x1b[31mc\x1b[0md\n"


def test_bars_of_progress_too() -> None:
    plain, out = console()
    with Progress(TextColumn("{task.description}"), console=plain) as progress:
        progress.add_task("file\x1b[2J.csv", total=1)
    assert "file<U+" in out.getvalue()
    assert "\x1b" not in out.getvalue()


@pytest.mark.parametrize("words", [(), ("--explain",), ("--json",)])
def test_a_dossier_of_an_older_journal(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = "HS-1"
    accepted = entry(
        "dossier.accepted", "2026-08-17T08:00:00+07:00", {"unit": "H99\u202e\x9b2J", "channel": "direct"}, code
    )
    accepted |= {"source": "s\x1b[31m", "id": "i\x1b]0;x\x07"}
    step = entry("step.completed", "2026-08-17T09:00:00+07:00", {"step": "ký\x1b[2J\u2028", "unit": "H99"}, code)
    partition = Partition(REFERENCE).feed([accepted, step])
    for module in (slip, dossier):
        monkeypatch.setattr(module, "Services", lambda _session: Stand(partition))
    assert main(["--home", str(tmp_path), "dossier", code, *words]) == 0
    out = capsys.readouterr().out
    assert odd_sign(out.replace("\n", "")) is None
    if words == ("--json",):
        assert json.loads(out)["row"]["unit"] == "H99\u202e\x9b2J"
    elif not words:
        assert "H99<U+202E><U+009B>2J" in out
        assert "s<U+001B>[31m" in out


@pytest.mark.parametrize("words", [(), ("--explain",)])
def test_brackets_of_data_are_letters(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`[/]` closes nothing, `[red]` colours nothing: a code that looked like markup ended the command."""
    code, unit = "HS[/]1", "H99[red]x[/nothing]"
    accepted = entry("dossier.accepted", "2026-08-17T08:00:00+07:00", {"unit": unit, "channel": "direct"}, code)
    step = entry("step.completed", "2026-08-17T09:00:00+07:00", {"step": "[bold]ký[/]", "unit": unit}, code)
    partition = Partition(REFERENCE).feed([accepted, step])
    for module in (slip, dossier):
        monkeypatch.setattr(module, "Services", lambda _session: Stand(partition))
    assert main(["--home", str(tmp_path), "dossier", code, *words]) == 0
    out = capsys.readouterr().out
    assert unit in out
    assert "[bold]ký[/]" in out
    assert main(["--home", str(tmp_path), "slip", code]) == 0
    assert unit in capsys.readouterr().out


def test_errors_quote_without_obeying(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_session: object) -> None:
        raise CommandError("không có 'H\x1b[2J\u202e'", "no 'H\x1b[2J\u202e'")

    monkeypatch.setattr(dossier, "Services", fail)
    assert main(["--home", str(tmp_path), "--lang", "en", "dossier", "x"]) == 1
    assert capsys.readouterr().err == "no 'H<U+001B>[2J<U+202E>'\n"
