"""The step from text to typed rows, findings and ONE verdict a submission."""
