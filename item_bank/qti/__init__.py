"""Items and forms as QTI 3.0 content packages, out to other systems and in from them."""
