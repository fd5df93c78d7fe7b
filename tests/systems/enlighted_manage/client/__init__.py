"""Tests of the client of Enlighted Manage, against odd servers and against the simulator."""
