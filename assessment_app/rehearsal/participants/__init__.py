"""Simulated participants: the browser's laws in Python, and the network between them and the exam server."""
