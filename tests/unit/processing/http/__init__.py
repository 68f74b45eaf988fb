"""Tests of `processing/http`."""
