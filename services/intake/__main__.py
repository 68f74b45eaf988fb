"""Start of the intake process: settings and keys from the environment, then the HTTP server."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from pydantic import ValidationError

from services.intake.app import build_app
from services.intake.senders.sender import KEYS_FILE, SenderRecord
from services.intake.settings import IntakeSettings
from shared.logging import configure_logging
from shared.serving.serve import serve
from shared.settings import load_settings

__all__ = ["main"]


def main() -> None:
    """Serve until told to end."""
    settings = load_settings(IntakeSettings)
    configure_logging("intake", settings.log_level)
    first = _read_keys(settings.keys_file) if settings.keys_file is not None else []
    app = build_app(settings, first)
    # The models live as long as the process: keep the collector from walking them.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    serve(app, settings)


def _read_keys(path: Path) -> list[SenderRecord]:
    """The senders of the keys file; a missing or wrong file ends the process with one line."""
    try:
        return KEYS_FILE.validate_json(path.read_bytes())
    except OSError as error:
        sys.stderr.write(
            f"MOTCUA_KEYS_FILE: {path} cannot be read: {error.strerror}; create it or unset the variable\n"
        )
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        sys.stderr.write(f"MOTCUA_KEYS_FILE: {path}: {place}: {first['msg']}; each sender needs sender, hash, …\n")
    raise SystemExit(2)


if __name__ == "__main__":
    main()
