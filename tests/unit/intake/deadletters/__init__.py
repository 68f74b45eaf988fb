"""Tests of `intake/deadletters`."""
