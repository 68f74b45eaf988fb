"""Starts one replica of processing: `python -m services.processing`."""

from __future__ import annotations

from services.processing.app import make_app
from services.processing.settings import ProcessingSettings
from shared.logging import configure_logging
from shared.serving.serve import serve
from shared.settings import load_settings

__all__ = ["main"]


def main() -> None:
    """Serve until stopped."""
    settings = load_settings(ProcessingSettings)
    configure_logging("processing", settings.log_level)
    serve(make_app(settings), settings)


if __name__ == "__main__":
    main()
