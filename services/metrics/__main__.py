"""Starts one replica of metrics: `python -m services.metrics`."""

from __future__ import annotations

import uvicorn

from services.metrics.app import make_app
from services.metrics.settings import MetricsSettings
from shared.logging import configure_logging
from shared.settings import load_settings

__all__ = ["main"]


def main() -> None:
    """Serve until stopped."""
    settings = load_settings(MetricsSettings)
    configure_logging("metrics", settings.log_level)
    uvicorn.run(make_app(settings), host=settings.host, port=settings.port, log_config=None, access_log=False)


if __name__ == "__main__":
    main()
