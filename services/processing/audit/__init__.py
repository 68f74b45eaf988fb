"""Reads back what this replica's partitions have on the lifecycle topic, and has stale last records written over."""
