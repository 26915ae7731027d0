"""Content by its way through life: written, published, shown, keyed."""
