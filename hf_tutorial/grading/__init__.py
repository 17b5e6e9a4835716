"""Grading submitted notebooks."""
