"""The shared design system: tokens, icons, base pages and template tags."""
