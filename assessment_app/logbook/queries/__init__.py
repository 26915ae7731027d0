"""What was written down of a session, and who was there."""
