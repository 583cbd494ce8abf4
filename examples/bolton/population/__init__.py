"""A made-up population of children, the same for the same seed: the truth that no single system holds."""
