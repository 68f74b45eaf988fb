"""Petitions in metrics: what lists and figures of them are made of. Pure."""
