"""One folder per thing people do here; a slice imports only the slices above it."""
