"""What can be seen of reports: who stands where (``standing``, ``listing``), what one rests on (``basis``), texts."""
