"""A simulated VXG cloud, proven by clients that know nothing of Gatehouse."""
