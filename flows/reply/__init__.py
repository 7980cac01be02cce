"""The step from findings to what the sender gets: the return workbook, the receipt; and the blank
forms.
"""
