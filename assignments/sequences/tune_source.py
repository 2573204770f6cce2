"""Where the tunes come from: a small random source of tunes in ABC notation whose next-character probabilities are known exactly.

A tune is a header, two bars and a closing bar:

    M:3/4                 the metre: 2/4 or 3/4, that is 4 or 6 eighth notes to a bar
    K:G                   the key: C, G or D
    G1A2B3|c2B1A3|G6|]

A note is a letter and a length in eighths: 1, 2 or 3 of them. The letters walk along the eight degrees of the key's scale and begin near the
first one; the lengths of a bar add up to its metre; the closing bar holds the tonic (the first degree) for a whole bar.
"""

import math
import random

METRES = {"2/4": 4, "3/4": 6}
SCALES = {"C": "CDEFGABc", "G": "GABcdefg", "D": "DEFGABcd"}
BARS = 2
STEPS = {-2: 0.1, -1: 0.3, 0: 0.1, 1: 0.3, 2: 0.2}  # how far the next note lies along the scale
LENGTHS = {1: 0.5, 2: 0.35, 3: 0.15}  # how many eighths a note lasts
HEADERS = {f"M:{metre}\nK:{key}\n": (METRES[metre], SCALES[key]) for metre in METRES for key in SCALES}
CHARACTERS = "".join(sorted(set("M:/\nK|]" + "12346" + "CDEFGABcdefg")))
TOKENS = {character: number for number, character in enumerate(CHARACTERS, 1)}  # 0 stands before every tune, and fills up after it
LONGEST = 1 + 10 + BARS * 13 + 4  # tokens of the longest tune, the 0 in front included


def shares(weights):
    """Weights as probabilities."""
    total = sum(weights.values())
    return {choice: weight / total for choice, weight in weights.items()}


def degrees(degree):
    """The next degree of the scale, 0 to 7, and its probability after `degree`: a dict."""
    return shares({degree + step: p for step, p in STEPS.items() if 0 <= degree + step < 8})


def lengths(left):
    """The length of a note and its probability, where `left` eighths of the bar are left: a dict."""
    return shares({length: p for length, p in LENGTHS.items() if length <= left})


ALONG = {degree: (list(degrees(degree)), list(degrees(degree).values())) for degree in range(8)}
ENOUGH = {left: (list(lengths(left)), list(lengths(left).values())) for left in range(1, 7)}


def next_characters(prefix):
    """The exact probabilities of the next character after the beginning of a tune: a dict, empty after a whole tune.

    Raises:
        ValueError: no tune begins like this.
    """
    header = prefix[:10]
    if header in HEADERS:
        return after_header(prefix[10:], *HEADERS[header])
    going = [header[len(prefix)] for header in HEADERS if header.startswith(prefix)]
    if not going:
        raise ValueError(f"no tune begins with {prefix!r}")
    return {character: going.count(character) / len(going) for character in going}


def after_header(body, metre, scale):
    """The same for what stands behind the header, in eighths to a bar and the eight letters of the scale."""
    *bars, last = body.split("|", BARS)
    degree = 0
    for bar in bars:
        left, degree, options = walk_along(bar, metre, scale, degree)
        if left or options:
            raise ValueError(f"the bar {bar!r} does not add up")
    if len(bars) == BARS:
        ending = f"{scale[0]}{metre}|]"
        if not ending.startswith(last):
            raise ValueError(f"no tune closes with {last!r}")
        return {ending[len(last)]: 1.0} if len(last) < len(ending) else {}
    left, degree, options = walk_along(last, metre, scale, degree)
    if options:
        return {str(length): p for length, p in options.items()}
    return {scale[d]: p for d, p in degrees(degree).items()} if left else {"|": 1.0}


def walk_along(bar, left, scale, degree):
    """(eighths left, degree reached, lengths that may follow with their probabilities) after the characters of one bar."""
    options = {}
    for character in bar:
        if options:
            if character not in map(str, options):
                raise ValueError(f"{character!r} is no length that fits")
            left, options = left - int(character), {}
        else:
            degree = next((d for d in degrees(degree) if scale[d] == character and left), -1)
            if degree < 0:
                raise ValueError(f"{character!r} is no note that follows")
            options = lengths(left)
    return left, degree, options


def draw(rng):
    """One tune, a string, with a `random.Random`."""
    header = rng.choice(list(HEADERS))
    (metre, scale), tune, degree = HEADERS[header], header, 0
    for _ in range(BARS):
        left = metre
        while left:
            degree = rng.choices(*ALONG[degree])[0]
            length = rng.choices(*ENOUGH[left])[0]
            tune, left = f"{tune}{scale[degree]}{length}", left - length
        tune += "|"
    return f"{tune}{scale[0]}{metre}|]"


def draw_many(count, seed):
    """`count` tunes, a list of strings; the same seed gives the same tunes."""
    rng = random.Random(seed)
    return [draw(rng) for _ in range(count)]


def log_probabilities(tune):
    """log p(character | what stands before it) for every character of a whole tune: a list of numbers, in nats."""
    return [math.log(next_characters(tune[:place])[character]) for place, character in enumerate(tune)]


def is_tune(text):
    """Whether the source can write this text, from the header to the end."""
    try:
        return not next_characters(text)
    except ValueError:
        return False


def encode(tunes):
    """Tokens of tunes, lists of equal length: 0 in front, then the characters, then 0s up to the longest of them."""
    longest = max(len(tune) for tune in tunes)
    return [[0, *(TOKENS[c] for c in tune), *[0] * (longest - len(tune))] for tune in tunes]


def decode(tokens):
    """The characters of tokens: a 0 in front is left out, and the next one ends the text."""
    tokens = [int(token) for token in tokens]
    tokens = tokens[1:] if tokens[:1] == [0] else tokens
    end = tokens.index(0) if 0 in tokens else len(tokens)
    return "".join(CHARACTERS[token - 1] for token in tokens[:end])
