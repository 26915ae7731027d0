"""One writer per process for the answers: all saves that wait are committed together."""
