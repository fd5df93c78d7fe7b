"""What holds for the repository as a whole, kept by tests that read it and run nothing of it."""
