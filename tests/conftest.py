"""Fixtures for every test; `tests/services.py` has already started what they need."""
