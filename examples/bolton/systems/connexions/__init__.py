"""Connexions: comma-separated files that a nightly job replaces."""
