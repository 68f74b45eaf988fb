"""Steps followed, measured, blamed and told."""
