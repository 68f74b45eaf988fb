"""The simulated office of the demo: seeded, always marked `simulated`."""
