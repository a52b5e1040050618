"""Venues, rooms, opening hours, closures, prices, policies and staff scope."""
