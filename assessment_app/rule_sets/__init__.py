"""Rule sets: every number of a regulation, dated, with its source, in force for an agency."""
