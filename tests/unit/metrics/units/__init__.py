"""Tests of `metrics/units`."""
