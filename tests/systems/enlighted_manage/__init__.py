"""Tests of Enlighted Manage."""
