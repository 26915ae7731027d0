"""BKD plans: rooms, waves, sessions, seats, PINs."""
