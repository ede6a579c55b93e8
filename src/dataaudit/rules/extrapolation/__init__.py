"""RANGE: rules about rows beyond what train has shown."""
