"""What items and forms tell about people of each ability, as figures and as pictures. Pure."""
