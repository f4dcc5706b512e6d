"""Plumbing on Django and PostgreSQL; knows nothing of the business."""
