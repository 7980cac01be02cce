"""From tables to views: everything in `sql/`, its twins as of a time, seasonal adjustment."""
