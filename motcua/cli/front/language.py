"""Help and mistakes of usage in one language: what typer says, and the texts declared as `Vietnamese / English`."""

from __future__ import annotations

import os
import re
from typing import Any, Final

from motcua.cli.words import Language, choose_language

__all__ = ["BETWEEN", "in_language", "language_of", "record", "said", "usage_mistake"]

#: Between the two languages of a declared text.
BETWEEN: Final = " / "
#: Typer's words in Vietnamese.
_WORDS: Final = {
    "Usage: ": "Cách dùng: ",
    "Arguments": "Tham số",
    "Options": "Tùy chọn",
    "Commands": "Lệnh",
    "[OPTIONS]": "[TÙY CHỌN]",
    "COMMAND [ARGS]...": "LỆNH [THAM SỐ]...",
    "Show this message and exit.": "Hiện trợ giúp này rồi thoát.",
}
_EXTRA: Final = (("default: ", "mặc định: "), ("env var: ", "biến môi trường: "), ("required", "bắt buộc"))
#: Kinds of values as typer names them: (Vietnamese, English).
_KINDS: Final = {
    "str": ("chữ", "text"),
    "list[str]": ("chữ", "text"),
    "int": ("số", "number"),
    "int range": ("số", "number"),
    "float": ("số", "number"),
    "float range": ("số", "number"),
    "path": ("tệp", "path"),
}
_TYPED: Final = re.compile(r"(?:live|data): |[\w-]+ \| ")
_KIND: Final = re.compile(r"<(" + "|".join(map(re.escape, _KINDS)) + r")>")
_MISTAKES: Final = (
    (r"No such option: (\S+)(?: .*)?", "không có tùy chọn {}"),
    (r"No such command '(.*?)'\.(?: Did you mean (.*)\?)?", "không có lệnh '{}'"),
    (r"Missing command\.", "thiếu lệnh"),
    (r"Missing argument '(.*?)'.*", "thiếu tham số {}"),
    (r"Missing option '(.*?)'.*", "thiếu tùy chọn {}"),
    (r"Option '?(\S+?)'? requires an argument\.", "{} cần một giá trị"),
    (r"Option '?(\S+?)'? does not take a value\.", "{} không nhận giá trị"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", "thừa tham số: {}"),
    (r"Invalid value for '(.*?)': (?:Input should|Value) .*?(?:valid integer|valid number).*", "{}: phải là một số"),
    (r"Invalid value for '(.*?)': Input should be greater than or equal to (\S+)", "{}: phải từ {} trở lên"),
    (r"Invalid value for '(.*?)': Input should be less than or equal to (\S+)", "{}: nhiều nhất là {}"),
    (r"Invalid value for '(.*?)': .*", "{}: giá trị không hợp lệ"),
)


def in_language(text: str, language: Language) -> str:
    """One half of a text declared as `Vietnamese / English`; a text without halves is of both.

    Args:
        text: as declared, one ` / ` between the languages.
        language: of the reader.
    """
    vi, between, en = text.partition(BETWEEN)
    if not between:
        return text
    chosen = (vi if language == "vi" else en).strip()
    end = "." if en.rstrip().endswith(".") and not chosen.endswith((".", "…")) else ""
    # Words that are typed stay as they are: `live: …`, `online | direct`.
    typed = _TYPED.match(chosen) is not None
    return (chosen if typed else chosen[:1].upper() + chosen[1:]) + end


def said(word: str, language: Language) -> str:
    """A word of typer's in a language."""
    return _WORDS.get(word, word) if language == "vi" else word


def record(told: tuple[str, str], language: Language) -> tuple[str, str]:
    """A line of help on a parameter: its name and kind, its meaning and what typer adds to it."""
    name, meaning = told
    name = _KIND.sub(lambda found: f"<{_KINDS[found[1]][0 if language == 'vi' else 1]}>", name)
    if language == "vi":
        meaning = _WORDS.get(meaning, meaning)
        text, bracket, extra = meaning.rpartition("[")
        if bracket and extra.endswith("]"):
            for english, vietnamese in _EXTRA:
                extra = extra.replace(english, vietnamese)
            meaning = f"{text}[{extra}"
    return name, meaning


def language_of(context: Any) -> Language:
    """The language of a run: what its session has, or before there is one, what the line asked for."""
    known = getattr(context.obj, "language", context.obj)
    return known if known in ("vi", "en") else choose_language(os.environ)


def usage_mistake(error: Any, language: Language) -> str:
    """A mistake of usage in one line, and where help is."""
    text = error.format_message().replace("\n", " ")
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "motcua"
    if language == "en":
        return f"{text} (see `{command} --help`)"
    for pattern, told in _MISTAKES:
        found = re.fullmatch(pattern, text)
        if found is not None:
            text = told.format(*found.groups())
            meant = found.groups()[1:]
            if "lệnh" in told and meant and meant[0]:
                text += f"; có phải {meant[0]}?"
            break
    return f"{text} (xem `{command} --help`)"
