"""What all four pillars stand on."""
