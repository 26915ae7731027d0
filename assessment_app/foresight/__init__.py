"""What an agency's own rule set would change in a wave before it decides; nothing of it is kept."""
