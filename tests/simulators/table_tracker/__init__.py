"""A simulated Table Tracker gateway, proven by clients that know nothing of Gatehouse."""
