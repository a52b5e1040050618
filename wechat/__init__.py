"""Clients of the mini-program APIs, and the local simulator."""
