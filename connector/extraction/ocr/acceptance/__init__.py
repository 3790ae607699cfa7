"""What may be believed of two readers' texts: one file for each kind of value, pure and strict.

Readers share mistakes (O for 0, an invented space, a digit whose bar a rule took), so agreement
alone is not enough: each kind adds what its own ink and its own grammar can prove.
"""
