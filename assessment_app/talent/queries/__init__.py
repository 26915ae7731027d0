"""What placing reads (``placing``) and tells (``reviewing``); what the nine-box pages show (``matrix``, ``people``)."""
