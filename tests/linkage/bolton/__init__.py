"""Bolton's truth against what a requester is shown, through the hub and the five real adapters."""
