"""Going without consent: officers' confirmations, break-glass access, the duties that follow, and brokered contact."""
