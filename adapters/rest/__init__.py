"""Reads REST APIs that speak JSON: searching by parameters, page after page, and what hangs on each record."""
