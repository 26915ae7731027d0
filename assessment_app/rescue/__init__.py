"""What could not be sent is not lost: a page keeps it in a sealed file, a proctor loads it."""
