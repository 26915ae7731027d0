"""What can be done in the vault; whoever reads a key, and whatever is decided, leaves a row in the audit trail."""
