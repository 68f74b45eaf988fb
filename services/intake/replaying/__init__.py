"""Replaying many dead letters at once."""
