"""Hypothesis strategies for journals, for tests that hold the product against the oracle."""
