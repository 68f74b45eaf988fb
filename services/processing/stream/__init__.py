"""The protocol: partitions read in order, events put out, states and checkpoints stored after them."""
