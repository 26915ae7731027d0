"""Assessors read profiles before anybody decides anything."""
