"""Scripts that lessons start from a shell. They are files to read and to copy, with no part in the package itself."""
