"""IMB: rules about the balance of the classes."""
