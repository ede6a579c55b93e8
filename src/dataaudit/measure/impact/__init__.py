"""What a leak does to the test score of a plain model."""
