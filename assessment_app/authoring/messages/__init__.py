"""What comes in from the pages of the vault, and items and states as pages show them."""
