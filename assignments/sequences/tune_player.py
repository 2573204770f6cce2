"""Tunes as sound: notes of a tune, a MIDI file, a WAV file, and a player in the notebook. Everything works offline.

MIDI needs the package mido (`pip install mido`); nothing else does. Letters are read as ABC notation does: C is the middle C, c is an octave above,
and the key's sharps hold for every octave (G: F sharp; D: F sharp and C sharp).
"""

import io
import re
import wave

import numpy as np
from tune_source import is_tune

SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
SHARPS = {"C": "", "G": "F", "D": "FC"}
RATE = 22050  # samples per second
EIGHTH = 0.25  # seconds


def notes(tune):
    """The notes of a tune: a list of (MIDI pitch, start, length), start and length in eighths."""
    key = re.search(r"K:([CGD])\n", tune).group(1)
    found, start = [], 0
    for letter, digit in re.findall(r"([A-Ga-g])([1-9])", tune.split("\n", 2)[2]):
        name, octave = letter.upper(), 72 if letter.islower() else 60
        found.append((octave + SEMITONES[name] + (name in SHARPS[key]), start, int(digit)))
        start += int(digit)
    return found


def abc(tune, number=1):
    """The tune with the two header lines that ABC programs want as well: its number, and the length of a 1."""
    return f"X:{number}\nL:1/8\n{tune}\n"


def sound(tune):
    """The tune as samples between −1 and 1: plucked notes, each with an onset of its own."""
    played = notes(tune)
    samples = np.zeros(int(RATE * EIGHTH * (played[-1][1] + played[-1][2])) + RATE // 2)
    for pitch, start, length in played:
        seconds = np.arange(int(RATE * EIGHTH * length)) / RATE
        frequency = 440 * 2 ** ((pitch - 69) / 12)
        tone = sum(np.sin(2 * np.pi * k * frequency * seconds) / k**2 for k in (1, 2, 3))
        left = seconds[-1] - seconds
        tone *= np.minimum(seconds / 0.005, 1) * np.exp(-3 * seconds) * np.clip((left - 0.02) / 0.02, 0, 1)
        begin = int(RATE * EIGHTH * start)
        samples[begin : begin + len(tone)] += tone
    return samples / np.max(np.abs(samples))


def wav_bytes(tune):
    """A WAV file: mono, 16 bits, 22,050 samples per second."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((32000 * sound(tune)).astype("<i2").tobytes())
    return buffer.getvalue()


def midi_bytes(tune):
    """A MIDI file, by mido.

    Raises:
        ModuleNotFoundError: mido is not installed.
    """
    import mido

    file = mido.MidiFile(ticks_per_beat=480)
    track = mido.MidiTrack()
    file.tracks.append(track)
    track.append(mido.MetaMessage("set_tempo", tempo=int(2e6 * EIGHTH)))
    for pitch, _, length in notes(tune):
        track.append(mido.Message("note_on", note=pitch, velocity=80, time=0))
        track.append(mido.Message("note_off", note=pitch, velocity=0, time=240 * length))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def roll(tune):
    """The tune as a picture: pitch against time."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 2.2), layout="constrained")
    axes = figure.subplots()
    for pitch, start, length in notes(tune):
        axes.barh(pitch, length * 0.94, left=start, height=0.8, color="tab:blue")
    axes.set(xlabel="eighths", ylabel="MIDI pitch", title=" ".join(tune.split("\n")))
    return figure


def listen(texts, folder="."):
    """Plays the first tune among the texts that a model wrote, and writes `tune.abc`, `tune.wav` and, with mido, `tune.mid`.

    Returns:
        The tune, or None where no text is one. What is printed says how many are.
    """
    from pathlib import Path

    tunes = [text for text in texts if is_tune(text)]
    print(f"{len(tunes)} of {len(texts)} texts are tunes.")
    if not tunes:
        return None
    tune, folder = tunes[0], Path(folder)
    (folder / "tune.abc").write_text(abc(tune))
    (folder / "tune.wav").write_bytes(wav_bytes(tune))
    try:
        (folder / "tune.mid").write_bytes(midi_bytes(tune))
    except ModuleNotFoundError:
        print("No MIDI file: `pip install mido` adds it. The sound is in tune.wav.")
    try:
        from IPython import get_ipython
        from IPython.display import Audio, display
    except ImportError:
        return tune
    if get_ipython() is not None:
        display(Audio(data=wav_bytes(tune), rate=RATE))
    return tune
