"""Tests of `metrics/http`."""
