"""The Bolton deployment: five agencies with five unlike back-office systems, and the hub between them."""
