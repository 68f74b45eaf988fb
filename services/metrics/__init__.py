"""Figures: a fact table kept from the lifecycle topic, predicates over it, results, exports and the query API."""
