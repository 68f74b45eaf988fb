"""Tests of `processing/states`."""
