"""Price documents: drafted, approved by another person, published, never changed afterwards."""
