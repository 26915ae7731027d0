"""What is written down of a session beside the answers: incidents, who was there, who sat elsewhere than planned."""
