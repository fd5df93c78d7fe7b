"""Tests of the simulated servers, which must be right before anything is tested against them."""
