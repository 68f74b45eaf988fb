"""What is counted and scored: predicates over the fact table and what is made of them. Pure."""
