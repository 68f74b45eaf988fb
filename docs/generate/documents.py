"""All generated files by their place below docs/, as text. Writes nothing."""

from __future__ import annotations

import json
from typing import Any

from docs.generate.catalogue import metrics_page
from docs.generate.commands import commands_page
from docs.generate.facts import facts_page
from docs.generate.figures import figures_page
from docs.generate.interfaces import asyncapi_documents, openapi_documents
from docs.generate.settings import settings_page
from shared.calendar.files.calendar_file import schema

__all__ = ["documents"]


def documents() -> dict[str, str]:
    """The content of every generated page and document; the same code gives the same bytes."""
    found = {
        "settings.md": settings_page(),
        "figures.md": figures_page(),
        "metrics.md": metrics_page(),
        "commands.md": commands_page(),
        "facts.md": facts_page(),
    }
    for kind, made in (("openapi", openapi_documents()), ("asyncapi", asyncapi_documents())):
        for service, document in made.items():
            found[f"contract/{kind}/{service}.json"] = _json(document)
    found["contract/calendar.schema.json"] = _json(schema())
    return found


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
