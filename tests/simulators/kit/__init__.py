"""Tests of what the simulators share."""
