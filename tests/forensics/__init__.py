"""Forensics: plants values in a real hub's cases, ends every session, and searches everything that the hub leaves."""
