"""The step from files in `raw/` to submissions."""
