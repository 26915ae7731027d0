"""A wave with everything that its results rest on, as one file that an empty installation takes in."""
