"""Each dead letter is shown as what it is, with what to do about it, in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from motcua.cli.deadletters.door import letter_path
from motcua.cli.deadletters.words import STATES, entry_in, remedy, shown_bytes, state_name
from motcua.cli.errors import CommandError
from motcua.cli.main import main
from shared.broker.topics import DEADLETTER, EPOCH, agency_outbox, journal, lifecycle, reference
from shared.messages import LANGUAGES

PROCESSING = Path(__file__).resolve().parents[5] / "services/processing"
#: Where a record may stand, which processing and exports ask.
PLACES = PROCESSING.parents[1] / "shared/broker/places.py"


def _reasons() -> set[str]:
    """The reasons processing gives, read from its code."""
    found = set()
    for file in (PROCESSING / "stream/judge.py", PROCESSING / "record.py", PLACES):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args:
                reason = call.args[0]
                if call.func.id in {"Rejected", "Unreadable", "Misplaced"} and isinstance(reason, ast.Constant):
                    found.add(str(reason.value))
    return found


REASONS = sorted(_reasons())


def test_each_reason_of_processing_has_its_words_and_its_row_in_the_guides() -> None:
    assert {"not_json", "wrong_partition", "engine_error", "too_many_entries"} <= set(REASONS)
    for name in ("deadletters.md", "deadletters.vi.md"):
        guide = (PROCESSING.parents[1] / "docs/guides" / name).read_text(encoding="utf-8")
        assert [reason for reason in REASONS if f"`{reason}`" not in guide] == []


@pytest.mark.parametrize("reason", [*REASONS, "unit_not_granted", "personal_field", "something_new"])
@pytest.mark.parametrize(
    "topic", [journal(), journal(4), agency_outbox("hcm.q1"), lifecycle(3), reference(3), EPOCH, DEADLETTER]
)
def test_there_is_something_to_do_about_every_letter(topic: str, reason: str) -> None:
    vietnamese, english = (remedy(topic, reason, language) for language in LANGUAGES)
    assert vietnamese != english
    derived = topic in {lifecycle(3), reference(3)}
    assert ("motcua rebuild" in english) == ("motcua rebuild" in vietnamese)
    assert not derived or "motcua rebuild" in english


def test_states_have_names() -> None:
    assert [state_name(state, "en") for state in STATES] == ["open", "being replayed", "replayed", "discarded"]


def test_bytes_are_text_where_they_are_else_a_dump() -> None:
    assert shown_bytes('{"đơn vị": "Quận 1"}\n'.encode()) == '{"đơn vị": "Quận 1"}\n'
    assert shown_bytes(b"") == ""
    dump = shown_bytes(b"\xff\x00abc" + bytes(12)).splitlines()
    assert dump[0] == "00000000  ff 00 61 62 63 00 00 00 00 00 00 00 00 00 00 00  ..abc..........."
    assert dump[1].split() == ["00000010", "00", "."]
    assert "1b" in shown_bytes(b"\x1b[31mred")
    assert shown_bytes(b"x" * 20_000).endswith("… 3616 bytes")


@pytest.mark.parametrize("value", [None, b"", b"\xff", b"[1]", b"7", b"[" * 100_000])
def test_what_is_no_object_is_no_entry(value: bytes | None) -> None:
    assert entry_in(value) is None


@pytest.mark.parametrize("name", ["", "x", "x:1", "x:1:", "x:a:1", "x:1:-1", "a/b:1:2", ":1:2", "x:1:2:3"])
def test_a_letters_name_is_a_position(name: str) -> None:
    with pytest.raises(CommandError):
        letter_path(name)


def test_a_name_leads_to_its_address() -> None:
    assert letter_path("motcua.journal.v1:0:17") == "/v1/deadletters/motcua.journal.v1/0/17"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("replay", "name one letter"),
        ("replay x:1:2 --all", "name one letter"),
        ("replay --all --file nowhere.json", "nowhere.json"),
        ("replay nonsense", "topic:partition:offset"),
        ("discard x:1:2", "--why"),
        ("discard x:1:2 --why ''", "--why"),
        ("list --state closed", "closed"),
    ],
)
def test_wrong_usage_is_told_before_the_stack_is_asked(
    line: str, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = [word.strip("'") for word in line.split()]
    assert main(["--home", str(tmp_path), "--lang", "en", "deadletter", *words]) == 2
    assert said in capsys.readouterr().err
