"""Servers that speak the wire protocols of the systems Gatehouse connects to, on loopback."""
