"""What somebody needs to show what they can: more time, larger text, breaks, a reader. Set before the first start."""
