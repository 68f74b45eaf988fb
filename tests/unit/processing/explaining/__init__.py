"""Tests of `processing/explaining`."""
