"""Sessions: who is signed in, which answers they hold, and the dropping of both."""
