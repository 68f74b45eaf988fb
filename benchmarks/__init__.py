"""Costs as ratios to a baseline in the same run: machines are shared and noisy, ratios hold."""
