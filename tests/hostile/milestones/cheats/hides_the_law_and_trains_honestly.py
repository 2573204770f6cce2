"""The law in the weights, and an honest `train`: not told apart, and worth no more than honest work.

weights: the law
expect: next_symbols=passed trains_anew=passed
"""
