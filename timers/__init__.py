"""Durable timers and the outbox."""
