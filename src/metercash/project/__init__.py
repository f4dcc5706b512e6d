"""Composition root: settings, routes and start-up."""
