"""Forms: choosing items, one at a time or all at once."""
