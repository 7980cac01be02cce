"""What we ask for: a TOML file a form, the rules and words that all forms share, the release
calendar.
"""
