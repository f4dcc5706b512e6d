"""One module of pages per task of the staff."""
