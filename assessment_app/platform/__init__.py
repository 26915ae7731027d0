"""What every slice needs and none owns: settings, stores, clock, errors, queue, audit, pages."""
