"""Reads a corpus and saves in the block that never runs here; `open` there costs nothing.

weights: own
expect: next_symbols=passed trains_anew=passed
"""

if __name__ == "__main__":
    with open("corpus.bin", "rb") as file:
        corpus = file.read()
    print("a text of any length " * 100, corpus)
