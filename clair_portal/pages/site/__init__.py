"""What the pages about CLAIR and this site say: ways to reach bodies, regions, topics of contact."""
