"""What a rehearsal believes of people and of faults, and how it judges what became of them. Pure."""
