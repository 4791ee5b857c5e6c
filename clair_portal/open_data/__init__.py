"""What the portal knows, as files for programs: declared by the apps that own it, made in one place."""
