"""Backup and restore: the stores of an installation as one folder that is whole or not there (decision 0026)."""
