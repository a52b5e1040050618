"""Members and their signed sessions."""
