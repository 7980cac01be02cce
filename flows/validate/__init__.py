"""The step from text to typed rows, findings and one verdict on each submission."""
