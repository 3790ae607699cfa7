"""Reading image-only pages: what is believed of two readers, and whole pages from our own drawing."""
