"""Workbooks that we write: cells and their looks, and the parts of an XLSX file."""
