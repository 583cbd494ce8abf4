"""What record linkage achieves, measured: python -m tests.linkage WORD."""
