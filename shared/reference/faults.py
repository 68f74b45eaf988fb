"""What makes a reference entry unfit to be taken, as field errors with texts in both languages. Pure.

The codes and their texts are in shared/messages/reference.py.
"""

from __future__ import annotations

from shared.messages import MESSAGES, Language
from shared.problems.field_errors import FieldError, shown

__all__ = ["Fault", "fault", "tell"]

#: A problem code of shared.messages, the field's path such as `data.steps[2].unit`, its value, and remedy parameters.
Fault = FieldError


def fault(code: str, field: str, value: object = None, **parameters: object) -> Fault:
    """A fault of one field; the path begins with `data`."""
    return Fault(code, field, shown(value), parameters)


def tell(found: Fault, language: Language) -> str:
    """A fault and its remedy in a line of text, for people."""
    words = {"field": found.field, "value": found.value, **found.parameters}
    message = MESSAGES[found.code]
    return f"{message.detail.fill(language, words)} {message.remedy.fill(language, words)}"
