"""The demo's quiet composers: plucked strings, ambient pads, and a chorale of brass."""

from __future__ import annotations

import numpy as np

from indexer.demo.catalogue import Character
from indexer.demo.mixing import Mix, lowpass
from indexer.demo.theory import PROGRESSIONS, FloatArray, Key, hertz, nearest_voicing
from indexer.demo.voices import brass, harmonics, pad, pluck

ARPEGGIOS = ((0, 1, 2, 3, 2, 1, 2, 1), (0, 2, 1, 2, 3, 2, 1, 2), (0, 1, 2, 1, 3, 1, 2, 1), (3, 2, 1, 0, 1, 2, 3, 2))


def plucked_strings(chance: np.random.Generator, character: Character, seconds: float, rate: int) -> Mix:
    """A fingerpicked guitar: broken chords, a thumb on the bass, and now and then a melody above."""
    mix = Mix(seconds, rate, chance)
    key, eighth = character.key(chance), 30.0 / character.tempo(chance)
    progression = PROGRESSIONS[chance.integers(len(PROGRESSIONS))]
    pattern = ARPEGGIOS[chance.integers(len(ARPEGGIOS))]
    strings: dict[int, FloatArray] = {}

    def string(note: int) -> FloatArray:
        if note not in strings:
            damping = 0.25 + 0.8 * character.flavour
            strings[note] = pluck(hertz(note), 1.8, rate, chance, brightness=character.flavour, damping=damping)
        return strings[note]

    bars = int(seconds / (8 * eighth)) + 1
    degree = 0
    for bar in range(bars):
        chord = key.chord(progression[bar % len(progression)], 4)
        for step, finger in enumerate(pattern):
            at = (8 * bar + step) * eighth + chance.normal(0.0, 0.004)
            mix.add(at, string(chord[finger]), 0.35 * chance.uniform(0.75, 1.0), pan=0.15 * (finger - 1.5))
            if step in (0, 4):
                mix.add(at, string(chord[0 if step == 0 else 2] - 12), 0.5, pan=-0.2)
            if bar % 4 >= 2 and step % 2 == 0 and chance.random() < 0.6:
                degree = int(np.clip(degree + chance.integers(-2, 3), -2, 7))
                mix.add(at, string(key.note(degree) + 12), 0.4, pan=0.3)
    mix.reverb(0.9, 0.3)
    return mix


def ambient_pads(chance: np.random.Generator, character: Character, seconds: float, rate: int) -> Mix:
    """Chords that melt into each other under a little wind, with far bells where the artist likes them."""
    mix = Mix(seconds, rate, chance)
    key, length = character.key(chance), 240.0 / character.tempo(chance)
    degrees = PROGRESSIONS[chance.integers(len(PROGRESSIONS))]
    for bar in range(int(seconds / length) + 1):
        for place, note in enumerate(key.chord(degrees[bar % len(degrees)], 4)):
            tone = pad(hertz(note), 1.7 * length, rate, chance, warmth=1.0 - character.flavour, swell=0.6 * length)
            mix.add((bar - 0.2) * length, tone, 0.5, pan=0.5 * (place - 1.5))
        root = harmonics(hertz(key.note(degrees[bar % len(degrees)]) - 12), 1.2 * length, rate, np.array([1.0, 0.2]))
        mix.add(bar * length, root * np.sin(np.linspace(0, np.pi, len(root))), 0.45)
    for _ in range(int(character.flavour * seconds)):
        note = key.note(int(chance.integers(7, 15))) + 12
        ring = harmonics(hertz(note), 2.0, rate, np.array([1.0, 0.0, 0.3]))
        mix.add(
            chance.uniform(0, seconds), ring * np.exp(-np.linspace(0, 6, len(ring))), 0.12, chance.uniform(-0.8, 0.8)
        )
    wind = lowpass(chance.standard_normal((2, mix.samples.shape[1])), 500.0, rate)
    mix.samples += 0.06 * wind
    mix.reverb(3.5, 0.6)
    return mix


def brass_chorale(chance: np.random.Generator, character: Character, seconds: float, rate: int) -> Mix:
    """Four horns in a hall, each moving to the nearest note of the next chord, breathing after every phrase."""
    mix = Mix(seconds, rate, chance)
    key, beat = character.key(chance), 60.0 / character.tempo(chance)
    voices = _places(key)
    at, count = 0.0, 0
    while at < seconds:
        phrase = PROGRESSIONS[chance.integers(len(PROGRESSIONS))]
        for place, degree in enumerate((*phrase, 4, 0)):
            beats = 3 if place == len(phrase) + 1 else chance.choice([1, 2, 2])
            voices = nearest_voicing(key.chord(degree), _within(voices, key))
            accent = 0.6 if count % 4 == 0 else 0.5
            for part, note in enumerate((key.note(degree) - 24, *voices[1:])):
                horn = brass(hertz(note), 0.97 * beats * beat, rate, brightness=character.flavour)
                mix.add(at + 0.012 * part, horn, accent, pan=0.35 * (part - 1.5))
            at, count = at + beats * beat, count + 1
        at += 0.5 * beat
    mix.reverb(2.2, 0.38, damping=5000.0)
    return mix


def _places(key: Key) -> tuple[int, ...]:
    return (key.root - 12, key.root - 5, key.root + 4, key.root + 12)


def _within(voices: tuple[int, ...], key: Key) -> tuple[int, ...]:
    """Bring voices that have wandered more than ten notes from their place back by an octave."""
    places = _places(key)
    return tuple(
        voice - 12 * round((voice - place) / 12) if abs(voice - place) > 10 else voice
        for voice, place in zip(voices, places, strict=True)
    )
