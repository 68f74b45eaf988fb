"""Tests of the loaders of reference data."""
