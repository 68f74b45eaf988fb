"""Why a partition stands, told to people."""
