"""Tests of the Table Tracker client, against odd servers and against the simulator."""
