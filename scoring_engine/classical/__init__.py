"""Classical test theory: item statistics and reliability."""
