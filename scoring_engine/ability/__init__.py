"""Ability: what the answers say of a person, and how surely."""
