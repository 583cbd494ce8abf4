"""`hub account` over the network: what administrators do with accounts, alone or by proposal."""
