"""Reads CSV files that are replaced from time to time, through an index in memory."""
