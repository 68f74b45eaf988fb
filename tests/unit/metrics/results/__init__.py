"""Tests of `metrics/results`."""
