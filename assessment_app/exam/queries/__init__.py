"""What an exam asks the stores."""
