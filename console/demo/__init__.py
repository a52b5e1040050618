"""The demonstration: two believable venues with their people and months of bookings."""
