"""The eleven rules of domain.md 12.2, and what becomes of what they find. Pure."""
