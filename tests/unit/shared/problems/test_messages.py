"""Every problem code has whole texts in both languages, and every code that is raised is declared."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from shared.messages import LANGUAGES, MESSAGES, choose_language
from shared.messages.base import Message, Text

ROOT = Path(__file__).parents[4]


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_a_message_is_whole_in_both_languages(code: str) -> None:
    message = MESSAGES[code]
    for text in (message.title, message.detail, message.remedy):
        assert text.vi.strip()
        assert text.en.strip()
        vi = {name.replace("_vi", "") for name in _names(text.vi)}
        assert vi == {name.replace("_en", "") for name in _names(text.en)}
    assert message.detail.vi.endswith(".")
    assert message.detail.en.endswith(".")


def _codes_raised() -> set[tuple[str, str]]:
    found = set()
    for folder in ("shared", "services"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    place = {"Problem": 1, "FieldError": 0}.get(node.func.id)
                    if place is not None and len(node.args) > place:
                        found |= {(str(path.name), code) for code in _constants(node.args[place])}
    return found


def _constants(node: ast.expr) -> set[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return _constants(node.body) | _constants(node.orelse)
    return set()


def test_every_code_that_is_raised_is_declared() -> None:
    raised = _codes_raised()
    assert len(raised) > 20
    assert {(path, code) for path, code in raised if code not in MESSAGES} == set()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "vi"),
        ("", "vi"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("vi-VN", "vi"),
        ("fr", "vi"),
        ("fr, en;q=0.8, vi;q=0.3", "en"),
        ("vi;q=0.1, en;q=0.2", "en"),
        ("en;q=0", "vi"),
        ("*;q=0.5, en;q=0.4", "vi"),
        ("EN ; Q=0.7 , VI;q=0.9", "vi"),
        ("en;q=x", "vi"),
        ("," * 5_000 + "en", "vi"),
    ],
)
def test_the_language_follows_the_reader(header: str | None, language: str) -> None:
    assert choose_language(header) == language
    assert LANGUAGES[0] == "vi"


def test_a_parameter_nobody_gave_stays_visible_and_values_are_not_filled_in_again() -> None:
    text = Text("{a} và {b}", "{a} and {b}")
    assert Message(text, text, text).detail.fill("en", {"a": "{b}"}) == "{b} and {b}"
