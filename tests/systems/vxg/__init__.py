"""Tests of the VXG Cloud VMS."""
