"""Tests of the systems, one folder each."""
