"""The migrations themselves, each named by its number and what it does."""
