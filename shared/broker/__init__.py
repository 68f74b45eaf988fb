"""Kafka as all services use it: client settings, topics, partitions, the pointer."""
