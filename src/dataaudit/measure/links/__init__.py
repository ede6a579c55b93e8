"""What hangs together with the label beside the single features: row order, contexts, pairs, whole models."""
