"""How splits and the world differ."""
