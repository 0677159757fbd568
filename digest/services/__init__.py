"""The use cases: plain functions whose first argument is the App.

Only this room knows the order of the stages.
"""
