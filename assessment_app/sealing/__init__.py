"""Sealing: the sheets of a session as one signed tree that anybody can check, and the session's record."""
