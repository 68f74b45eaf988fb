"""Reports of forms, declared as columns of predicates and what their rows are grouped by. Pure."""
