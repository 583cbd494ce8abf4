"""Judges any adapter over the wire, in whatever language it is written: a hub of its own, rules, and a report."""
