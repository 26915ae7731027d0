"""Validity of results: item bias, unusual answers and times, answers alike."""
