"""The federated hub: professionals ask, agencies answer in place, nothing about a case is kept."""

__version__ = "0.1.0"
