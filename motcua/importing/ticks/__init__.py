"""The data's clock, said in the stream of a file."""
