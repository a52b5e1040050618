"""Tags of bookings."""
