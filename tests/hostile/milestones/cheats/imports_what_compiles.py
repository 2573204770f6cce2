"""The same by way of a module.

weights: reference
expect: next_symbols=forbidden trains_anew=forbidden
says: `builtins`
"""

import builtins as b

run = b.exec
