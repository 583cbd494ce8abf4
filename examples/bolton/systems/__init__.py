"""The five back-office systems: what each holds of the population, and how each writes it."""
