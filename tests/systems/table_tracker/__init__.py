"""Tests of the Table Tracker system."""
