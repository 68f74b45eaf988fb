"""Tests of the oracle itself, and of engine and figures against it."""
