"""Tests of `motcua/cli/deadletters`."""
