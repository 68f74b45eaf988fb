"""Tests of `processing/convergence`."""
