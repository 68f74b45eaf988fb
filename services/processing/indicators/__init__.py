"""Figures from outside: what the entries of one identity come to. Pure."""

from services.processing.indicators.derive import IndicatorFacts, derive

__all__ = ["IndicatorFacts", "derive"]
