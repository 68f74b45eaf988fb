"""Tables of facts made of their declarations: how a row is read, what its columns are, how it is told. Pure."""
