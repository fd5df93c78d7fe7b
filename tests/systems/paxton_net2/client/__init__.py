"""Tests of the Net2 client, against the simulator and against odd servers."""
