"""Plain types of the subject: findings, submissions, periods, quantities, zones, industries. They
import nothing of ours.
"""
