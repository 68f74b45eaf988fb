"""Tests of shared/judging."""
