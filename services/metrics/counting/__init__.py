"""The counting core: any number of predicates over the rows of a table, by any grouping. Knows no figure's name."""
