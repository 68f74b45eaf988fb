"""Figures of many periods in a row, such as the months of ten years. Pure."""
