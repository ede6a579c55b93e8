"""What dates and texts hold inside their cells: parts, words, numbers, names of classes."""
