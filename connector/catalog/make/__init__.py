"""The app for Make, in the local-development layout of Make's editor: wholly generated."""
