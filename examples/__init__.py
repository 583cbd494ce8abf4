"""Deployments that run, one in each folder."""
