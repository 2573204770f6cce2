"""`exec` under another name.

weights: reference
expect: next_symbols=forbidden trains_anew=forbidden
says: `exec`
"""

e = exec
e("x = 1")
