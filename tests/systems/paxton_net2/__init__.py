"""Tests of Paxton Net2."""
