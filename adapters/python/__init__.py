"""Reads what only code can reach: a class of the agency's own finds documents, and the kit does all the rest."""
