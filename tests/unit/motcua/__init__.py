"""Tests of `motcua`."""
