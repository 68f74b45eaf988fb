"""Tests of `deploy/operations`."""
