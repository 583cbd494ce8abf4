"""Chaos: a real hub and real adapters on lines with faults, what is answered meanwhile, and what is left of it."""
