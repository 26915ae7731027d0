"""What comparing reads (``basis``), and what its pages show (``versions``)."""
