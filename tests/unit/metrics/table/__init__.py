"""Tests of `metrics/table`."""
