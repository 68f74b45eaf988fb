"""A journal with more partitions: the next generation, made of the exact bytes of the one before."""
