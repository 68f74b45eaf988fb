"""The oracle: an independent, slow and obvious recomputation of facts and figures, written from docs/rules.md.

It shares no code with the product: standard library only, and `holidays` for the days off.
"""
