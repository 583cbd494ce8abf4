"""Reads relational databases: a manifest names a table or a view, and never writes SQL."""
