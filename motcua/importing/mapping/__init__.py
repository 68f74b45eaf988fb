"""Mapping files: their language, their checks, and rows into entries by them."""
