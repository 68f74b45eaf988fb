"""Tests of exports without a stack: topics are lists, everything behind them is real."""
