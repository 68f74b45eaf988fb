"""The guides to due dates: every command is run in order with the files they show, and gives what they show."""

from __future__ import annotations

import re
import shlex
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest

from motcua.cli.main import main
from motcua.cli.reference.loading.revision_file import read_revision
from shared.calendar import vn_public
from shared.contract.entries import ENTRY_ADAPTER
from shared.reference import ReferenceEntry, ReferenceSet
from shared.reference.checks import check_entry

GUIDES = Path(__file__).resolve().parents[5] / "docs/guides"
PAGES = {"deadlines.md": "en", "deadlines.vi.md": "vi"}
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FILE = re.compile(r"^```(?:yaml|csv) (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
SENT = re.compile(r"^motcua revise (\S+)(?! --dry-run)\s*(?:#.*)?$", re.MULTILINE)


def write_files(page: str, folder: Path) -> str:
    text = (GUIDES / page).read_text(encoding="utf-8")
    for name, content in FILE.findall(text):
        (folder / name).write_text(content, encoding="utf-8")
    return text


@pytest.mark.parametrize("page", PAGES)
def test_every_command_gives_what_the_guide_shows(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = write_files(page, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOTCUA_LANG", PAGES[page])
    ran = 0
    for block in CONSOLE.findall(text):
        for part in block.split("$ motcua ")[1:]:
            command, _, shown = part.partition("\n")
            code = main(shlex.split(command))
            told = capsys.readouterr()
            if shown:
                assert told.out + told.err == shown, command
            else:
                assert code == 0, told.err
            ran += 1
    assert ran >= 8


@pytest.mark.parametrize("page", PAGES)
def test_what_is_sent_to_the_stack_is_taken(page: str, tmp_path: Path) -> None:
    """`motcua revise` on each file: intake's checks find nothing, and units get the calendar."""
    text = write_files(page, tmp_path)
    known = ReferenceSet()
    sent = SENT.findall(text)
    assert len(sent) == 2
    for name in sent:
        for entry in read_revision((tmp_path / name).read_text(encoding="utf-8"), 0, simulated=False):
            assert check_entry(entry["type"], ENTRY_ADAPTER.validate_python(entry).data, known) == []
            known = known.with_entry(ReferenceEntry.of(orjson.dumps(entry)))
    for unit in read_revision("unit: H38.08\nparent: H38", 0, simulated=False):
        known = known.with_entry(ReferenceEntry.of(orjson.dumps(unit)))
    calendar = known.working_calendar("H38.08", None, default=vn_public(ZONE))
    assert not calendar.is_working_day(date(2026, 11, 25))
    # The announced swap was laid over vn-public, and holds here, too.
    assert not calendar.is_working_day(date(2027, 2, 3))
    assert calendar.is_working_day(date(2027, 2, 20))
    elsewhere = known.working_calendar("H99", None, default=vn_public(ZONE))
    assert elsewhere.is_working_day(date(2026, 11, 25))
    assert not elsewhere.is_working_day(date(2027, 2, 3))
