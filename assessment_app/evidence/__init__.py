"""Evidence: what other systems say of an employee, fact by fact, and what follows from it on a day."""
