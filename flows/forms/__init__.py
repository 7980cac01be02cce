"""The forms: a TOML file for each, the rules that all of them share, and the release calendar."""
