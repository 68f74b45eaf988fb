"""Tests of `metrics/follow`."""
