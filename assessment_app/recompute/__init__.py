"""Computing stored results again, to the byte, and telling what differs and why. Runs where keys may be read."""
