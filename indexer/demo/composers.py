"""The demo's composers, one a style: plucked strings, pads, a chorale; drum and bass, chiptune, percussion."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from indexer.demo import drums
from indexer.demo.catalogue import Character
from indexer.demo.mixing import Mix, lowpass
from indexer.demo.theory import PROGRESSIONS, FloatArray, Key, euclidean, hertz, nearest_voicing
from indexer.demo.voices import brass, growl, harmonics, pad, pluck, pulse, triangle

ARPEGGIOS = ((0, 1, 2, 3, 2, 1, 2, 1), (0, 2, 1, 2, 3, 2, 1, 2), (0, 1, 2, 1, 3, 1, 2, 1), (3, 2, 1, 0, 1, 2, 3, 2))

# Sixteenths of a bar: kick, snare, and the soft snares between that make a break roll.
BREAKS = (((0, 10), (4, 12), (7, 9)), ((0, 2, 10), (4, 12), (7, 15)), ((0, 6, 10), (4, 12), (9, 14)))
RIFFS = ((0, 3, 6, 10, 12), (0, 6, 8, 14), (0, 2, 6, 8, 11, 14))
WOBBLES = (1.0, 2.0, 3.0, 1.0, 2.0, 3.0)  # how often the bass opens in a beat, for each note of a riff
CYCLES = (8, 12, 16)  # sixteenths


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


def drum_and_bass(chance: np.random.Generator, character: Character, seconds: float, rate: int) -> Mix:
    """A fast broken beat, a growling bass under it, a few chords far behind."""
    mix = Mix(seconds, rate, chance)
    key, step = character.key(chance), 15.0 / character.tempo(chance)
    progression = PROGRESSIONS[chance.integers(len(PROGRESSIONS))]
    riff = RIFFS[chance.integers(len(RIFFS))]
    behind = Mix(seconds, rate, chance)
    for bar in range(int(seconds / (16 * step)) + 1):
        start, degree = 16 * bar * step, progression[(bar // 2) % len(progression)]
        for begin, end, wobble in zip(riff, (*riff[1:], 16), WOBBLES, strict=False):
            pitch, length = hertz(key.note(degree) - 24), (end - begin) * step
            tone = growl(pitch, length, rate, wobble=wobble / (4 * step), bite=character.flavour)
            mix.add(start + begin * step, tone, 0.42)
        if bar % 2 == 0:
            for note in key.chord(degree, 4):
                tone = pad(hertz(note), 20 * step, rate, chance, warmth=0.6, swell=4 * step)
                behind.add(start, tone, 0.25, chance.uniform(-0.6, 0.6))
    behind.reverb(2.0, 0.5)
    mix.join(behind)
    _break_beat(mix, step, BREAKS[chance.integers(len(BREAKS))], character.flavour)
    return mix


def _break_beat(mix: Mix, step: float, pattern: tuple[tuple[int, ...], ...], bite: float) -> None:
    kick, snare = drums.kick(mix.rate), drums.snare(mix.rate, mix.chance, tight=0.05 + 0.03 * bite)
    hat, ride = drums.hat(mix.rate, mix.chance), drums.hat(mix.rate, mix.chance, open_=0.07)
    for sixteenth in range(int(mix.seconds / step) + 1):
        place, at = sixteenth % 16, sixteenth * step
        if place in pattern[0]:
            mix.add(at, kick, 0.9)
        if place in pattern[1]:
            mix.add(at, snare, 0.75, pan=0.05)
        if place in pattern[2] and mix.chance.random() < 0.7:
            mix.add(at, snare, 0.22, pan=-0.1)
        if place % 2 == 0:
            mix.add(at, ride if place % 8 == 6 else hat, 0.4 * mix.chance.uniform(0.7, 1.0), pan=0.25)


def chiptune(chance: np.random.Generator, character: Character, seconds: float, rate: int) -> Mix:
    """Two square channels, a triangle bass and a noise drum: all that an old console had."""
    mix = Mix(seconds, rate, chance)
    key, step = character.key(chance), 15.0 / character.tempo(chance)
    progression = PROGRESSIONS[chance.integers(len(PROGRESSIONS))]
    duty = (0.125, 0.25, 0.5)[chance.integers(3)]
    phrase = _phrase(chance, 32)
    noises = [drums.chip_noise(rate, chance, coarse=coarse, seconds=0.09) for coarse in (3, 14)]
    for count in range(int(seconds / step) + 1):
        at, bar, place = count * step, count // 16, count % 16
        chord = key.chord(progression[bar % len(progression)])
        arpeggio = pulse(hertz(chord[count % 3] + 12), step, rate, duty=0.125)
        mix.add(at, arpeggio, 0.16, pan=-0.25)
        if place % 4 in (0, 2) and chance.random() < 0.95:
            mix.add(at, triangle(hertz(chord[0] - (24 if place % 4 == 0 else 12)), 1.8 * step, rate), 0.5)
        if place % 4 == 0:
            mix.add(at, noises[0 if place % 8 == 0 else 1] * (0.7 if place % 8 else 1.0), 0.22)
        note = phrase[count % len(phrase)]
        if note is not None and bar % 4 > 0:
            slide = 60.0 * character.flavour if note.length > 2 else 0.0
            tone = pulse(hertz(key.note(note.degree) + 12), note.length * step, rate, duty=duty, slide=slide)
            mix.add(at, tone, 0.26, pan=0.2)
    return mix


class Note(NamedTuple):
    """A scale degree and how many sixteenths it lasts."""

    degree: int
    length: int


def _phrase(chance: np.random.Generator, steps: int) -> list[Note | None]:
    """A tune: for each sixteenth the note that starts there, or None."""
    phrase: list[Note | None] = [None] * steps
    place, degree = 0, int(chance.integers(0, 5))
    while place < steps:
        length = min(int(chance.choice([1, 2, 2, 2, 3, 4])), steps - place)
        phrase[place] = Note(degree, length)
        degree = int(np.clip(degree + chance.choice([-2, -1, -1, 1, 1, 2, 3]), -1, 9))
        place += length
    return phrase


def percussion(chance: np.random.Generator, character: Character, seconds: float, rate: int) -> Mix:
    """Hand drums, seeds and struck metal in cycles of different lengths, or machines in the wind: no melody at all."""
    mix = Mix(seconds, rate, chance)
    step = 15.0 / character.tempo(chance)
    sounds = _kit(chance, character.flavour, rate)
    for place, (sound, gain) in enumerate(sounds):
        length = int(chance.choice(CYCLES))
        pattern = euclidean(int(chance.integers(3, length // 2 + 1)), length, int(chance.integers(length)))
        pan = 0.7 * (-1) ** place * place / len(sounds)
        for count in range(int(seconds / step) + 1):
            if pattern[count % length] and chance.random() < 0.93:
                mix.add(count * step + chance.normal(0.0, 0.003), sound, gain * chance.uniform(0.5, 1.0), pan)
    for _ in range(int(1 + 6 * character.flavour)):
        gust = drums.sweep(rate, chance, seconds=chance.uniform(3, 7), low=700.0, high=chance.uniform(2500, 7000))
        mix.add(chance.uniform(-1, seconds - 2), gust, 0.35 * character.flavour, chance.uniform(-0.9, 0.9))
    mix.reverb(0.7 + character.flavour, 0.22, damping=7000.0)
    return mix


def _kit(chance: np.random.Generator, metal: float, rate: int) -> list[tuple[FloatArray, float]]:
    """Six instruments with their levels; `metal` 0 is skin and seeds, 1 a workshop."""
    pitch = chance.uniform(70, 110)
    skins = [drums.tom(rate, pitch=pitch * ratio) for ratio in (1.0, 1.34, 1.78)]
    metals = [drums.clank(rate, chance, pitch=pitch * ratio) for ratio in (5.0, 8.2, 13.1)]
    chosen = [(sound, 0.75 * (1.0 - 0.6 * metal)) for sound in skins]
    chosen += [(sound, 0.15 + 0.5 * metal) for sound in metals[: 1 + round(2 * metal)]]
    return [*chosen, (drums.shaker(rate, chance), 0.6), (drums.hat(rate, chance), 0.3)]
