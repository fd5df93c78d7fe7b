"""Tests of the simulated Enlighted Manage."""
