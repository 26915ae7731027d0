"""The rehearsal (*gladi*): simulated participants by the real protocol, faults, and a judge of what became of it."""
