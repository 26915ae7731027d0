"""What a post asks of whoever holds it: its own standard of competencies, else that of its level."""
