"""A simulated province: seeded, clearly fictitious, always marked `simulated`. Client of the intake door only."""
