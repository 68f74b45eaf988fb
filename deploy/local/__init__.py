"""The local stack: broker, database and services as processes of one machine, for people and for tests alike."""
