"""Other stream libraries counting the same rows exactly, beside metrics. They run in an environment of their own."""
