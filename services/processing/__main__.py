"""Starts one replica of processing: `python -m services.processing`."""

from __future__ import annotations

import uvicorn

from services.processing.app import make_app
from services.processing.settings import ProcessingSettings
from shared.logging import configure_logging
from shared.settings import load_settings

__all__ = ["main"]


def main() -> None:
    """Serve until stopped."""
    settings = load_settings(ProcessingSettings)
    configure_logging("processing", settings.log_level)
    uvicorn.run(
        make_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
