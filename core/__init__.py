"""Ground floor: errors, problems, money, clock, states, transactions. No models."""
