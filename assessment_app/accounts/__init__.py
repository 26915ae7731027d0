"""Agencies, staff accounts, roles and sign-in; the same on the office and on the vault server."""
