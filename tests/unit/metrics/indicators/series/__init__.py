"""Tests of figures of many periods in a row."""
