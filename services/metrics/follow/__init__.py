"""What is read from the topics: the live epoch, its facts and its reference data."""
