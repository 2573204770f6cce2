"""Two functions are missing, two are no functions.

expect: energy=error weights=error slope=error ranks=error
"""

import numpy as np
import sympy
import torch



slope = "a * (1 - tanh(a x)**2)"
ranks = [0, 1, 2, 3, 4]
