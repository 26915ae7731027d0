"""Real servers for the tests: started by the first that needs one, shared by the run, stopped at its end."""
