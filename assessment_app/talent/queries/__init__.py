"""What placing reads (``placing``) and tells (``reviewing``), and what the nine-box pages show (``matrix``, ``people``)."""
