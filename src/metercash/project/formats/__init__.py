"""Number and date formats of the screens."""
