"""Starts one replica of metrics: `python -m services.metrics`."""

from __future__ import annotations

from services.metrics.app import make_app
from services.metrics.settings import MetricsSettings
from shared.logging import configure_logging
from shared.serving.serve import serve
from shared.settings import load_settings

__all__ = ["main"]


def main() -> None:
    """Serve until stopped."""
    settings = load_settings(MetricsSettings)
    configure_logging("metrics", settings.log_level)
    serve(make_app(settings), settings)


if __name__ == "__main__":
    main()
