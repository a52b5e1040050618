"""The staff's entrance to bookings."""
