"""Who may sign in, and how a user name and a password are matched to an access level."""
