"""The tree of units and what the reference data say of units and procedures. Pure."""
