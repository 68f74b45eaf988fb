"""Tests of `intake/reference`."""
