"""Tests of `intake/agencies`."""
