"""A real Home Assistant beside simulated systems, set up as its owner would set it up."""
