"""The step from accepted rows to the tables of the run's own copy of the warehouse."""
