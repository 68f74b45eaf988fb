"""The contract: what is on the topics and at the doors, as pydantic models, and the identity rules of entries."""
