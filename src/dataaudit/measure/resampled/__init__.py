"""What oversampling leaves behind in the rows of a class."""
