"""Staff users, roles and their notifications."""
