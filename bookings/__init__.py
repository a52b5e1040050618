"""Rooms become bookings."""
