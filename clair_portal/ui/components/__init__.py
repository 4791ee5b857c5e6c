"""What the template tags print, by noun. Values arrive as plain data: dicts, or objects with the named attributes."""
