"""The step from a submission's file to a table of text that keeps each cell's place. Nothing is
cast
here.
"""
