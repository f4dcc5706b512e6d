"""Price documents: drafted, approved by a second person, published, never changed."""
