"""Values every storey shares; no framework and no I/O."""
