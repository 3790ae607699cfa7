"""The tests a rule can make, one small function each, in files by noun; `table.py` lists them."""
