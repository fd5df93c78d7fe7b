"""Tests of the VXG client, against odd servers and against the simulator."""
