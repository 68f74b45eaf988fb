"""Tests of `processing/facts`."""
