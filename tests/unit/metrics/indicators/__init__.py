"""Tests of `metrics/indicators`."""
