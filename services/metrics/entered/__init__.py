"""Figures from outside in metrics: which of several entries holds. Pure."""
