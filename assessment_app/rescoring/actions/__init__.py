"""What the office decides (``deciding``), and what only workers do (``comparing``, ``delivering``)."""
