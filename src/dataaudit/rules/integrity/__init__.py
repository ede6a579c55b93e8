"""DATA: rules about the integrity of rows, columns and cells."""
