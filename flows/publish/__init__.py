"""The step from a run's file to what readers have: the copy, the exports, the bulletin, the
editions.
"""
