"""Forms of what is written down, and the attendance as a sheet."""
