"""The individual report: a frozen document with a number, made of what an assessor signed; and what it suggests."""
