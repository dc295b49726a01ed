"""The demo's composers, one a style: each fills a recording with what an artist plays."""

from __future__ import annotations

import numpy as np

from indexer.demo import instruments as play
from indexer.demo.catalogue import Artist, Style
from indexer.demo.mixing import Mix, filtered
from indexer.demo.theory import PROGRESSIONS, FloatArray, Key, euclidean, hertz, nearest_voicing

ARPEGGIOS = ((0, 1, 2, 3, 2, 1, 2, 1), (0, 2, 1, 2, 3, 2, 1, 2), (0, 1, 2, 1, 3, 1, 2, 1), (3, 2, 1, 0, 1, 2, 3, 2))

# Sixteenths of a bar: kick, snare, and the soft snares between that make a break roll.
BREAKS = (((0, 10), (4, 12), (7, 9)), ((0, 2, 10), (4, 12), (7, 15)), ((0, 6, 10), (4, 12), (9, 14)))
RIFFS = ((0, 3, 6, 10, 12), (0, 6, 8, 14), (0, 2, 6, 8, 11, 14))
WOBBLES = (1.0, 2.0, 3.0, 1.0, 2.0, 3.0)  # how often the bass opens in a beat, for each note of a riff
CYCLES = (8, 12, 16)  # sixteenths


def plucked_strings(mix: Mix, artist: Artist) -> None:
    """A fingerpicked guitar: broken chords, a thumb on the bass, and now and then a melody above."""
    chance, degree = mix.chance, 0
    key, eighth = artist.key(chance), 30.0 / artist.tempo(chance)
    progression, pattern = PROGRESSIONS[chance.integers(len(PROGRESSIONS))], ARPEGGIOS[chance.integers(len(ARPEGGIOS))]
    brightness, damping = artist.flavour, 0.25 + 0.8 * artist.flavour
    strings: dict[int, FloatArray] = {}

    def string(note: int) -> FloatArray:
        if note not in strings:
            strings[note] = play.pluck(hertz(note), 1.8, mix.rate, chance, brightness=brightness, damping=damping)
        return strings[note]

    for bar in range(int(mix.seconds / (8 * eighth)) + 1):
        chord = key.chord(progression[bar % 4], 4)
        for step, finger in enumerate(pattern):
            at = (8 * bar + step) * eighth + chance.normal(0.0, 0.004)
            mix.add(at, string(chord[finger]), 0.35 * chance.uniform(0.75, 1.0), pan=0.15 * (finger - 1.5))
            if step in (0, 4):
                mix.add(at, string(chord[0 if step == 0 else 2] - 12), 0.5, pan=-0.2)
            if bar % 4 >= 2 and step % 2 == 0 and chance.random() < 0.6:
                degree = int(np.clip(degree + chance.integers(-2, 3), -2, 7))
                mix.add(at, string(key.note(degree) + 12), 0.4, pan=0.3)
    mix.reverb(0.9, 0.3)


def ambient_pads(mix: Mix, artist: Artist) -> None:
    """Chords that melt into each other under a little wind, with far bells where the artist likes them."""
    chance, rate = mix.chance, mix.rate
    key, length = artist.key(chance), 240.0 / artist.tempo(chance)
    progression = PROGRESSIONS[chance.integers(len(PROGRESSIONS))]
    for bar in range(int(mix.seconds / length) + 1):
        degree = progression[bar % 4]
        for place, note in enumerate(key.chord(degree, 4)):
            tone = play.pad(hertz(note), 1.7 * length, rate, chance, warmth=1.0 - artist.flavour, swell=0.6 * length)
            mix.add((bar - 0.2) * length, tone, 0.5, pan=0.5 * (place - 1.5))
        root = play.harmonics(hertz(key.note(degree) - 12), 1.2 * length, rate, np.array([1.0, 0.2]))
        mix.add(bar * length, root * np.sin(np.linspace(0, np.pi, len(root))), 0.45)
    for _ in range(int(artist.flavour * mix.seconds)):
        bell = play.harmonics(hertz(key.note(int(chance.integers(7, 15))) + 12), 2.0, rate, np.array([1.0, 0.0, 0.3]))
        bell *= np.exp(-np.linspace(0, 6, len(bell)))
        mix.add(chance.uniform(0, mix.seconds), bell, 0.12, chance.uniform(-0.8, 0.8))
    mix.samples += 0.06 * filtered(chance.standard_normal(mix.samples.shape), "lowpass", 500.0, rate)
    mix.reverb(3.5, 0.6)


def brass_chorale(mix: Mix, artist: Artist) -> None:
    """Four horns in a hall, each moving to the nearest note of the next chord, breathing after every phrase."""
    chance = mix.chance
    key, beat = artist.key(chance), 60.0 / artist.tempo(chance)
    voices = _places(key)
    at, count = 0.0, 0
    while at < mix.seconds:
        phrase = PROGRESSIONS[chance.integers(len(PROGRESSIONS))]
        for place, degree in enumerate((*phrase, 4, 0)):
            beats = 3 if place == len(phrase) + 1 else chance.choice([1, 2, 2])
            voices = nearest_voicing(key.chord(degree), _within(voices, key))
            for part, note in enumerate((key.note(degree) - 24, *voices[1:])):
                horn = play.brass(hertz(note), 0.97 * beats * beat, mix.rate, brightness=artist.flavour)
                mix.add(at + 0.012 * part, horn, 0.6 if count % 4 == 0 else 0.5, pan=0.35 * (part - 1.5))
            at, count = at + beats * beat, count + 1
        at += 0.5 * beat
    mix.reverb(2.2, 0.38, damping=5000.0)


def _places(key: Key) -> tuple[int, ...]:
    return (key.root - 12, key.root - 5, key.root + 4, key.root + 12)


def _within(voices: tuple[int, ...], key: Key) -> tuple[int, ...]:
    """Bring voices that have wandered more than ten notes from their place back by an octave."""
    return tuple(
        voice - 12 * round((voice - place) / 12) if abs(voice - place) > 10 else voice
        for voice, place in zip(voices, _places(key), strict=True)
    )


def drum_and_bass(mix: Mix, artist: Artist) -> None:
    """A fast broken beat, a growling bass under it, a few chords far behind."""
    chance, behind = mix.chance, Mix(mix.seconds, mix.rate, mix.chance)
    key, step = artist.key(chance), 15.0 / artist.tempo(chance)
    progression, riff = PROGRESSIONS[chance.integers(len(PROGRESSIONS))], RIFFS[chance.integers(len(RIFFS))]
    for bar in range(int(mix.seconds / (16 * step)) + 1):
        start, degree = 16 * bar * step, progression[(bar // 2) % 4]
        for begin, end, wobble in zip(riff, (*riff[1:], 16), WOBBLES, strict=False):
            pitch, length = hertz(key.note(degree) - 24), (end - begin) * step
            tone = play.growl(pitch, length, mix.rate, wobble=wobble / (4 * step), bite=artist.flavour)
            mix.add(start + begin * step, tone, 0.42)
        for note in key.chord(degree, 4) if bar % 2 == 0 else ():
            tone = play.pad(hertz(note), 20 * step, mix.rate, chance, warmth=0.6, swell=4 * step)
            behind.add(start, tone, 0.25, chance.uniform(-0.6, 0.6))
    behind.reverb(2.0, 0.5)
    mix.samples += behind.samples
    _break_beat(mix, step, BREAKS[chance.integers(len(BREAKS))], artist.flavour)


def _break_beat(mix: Mix, step: float, pattern: tuple[tuple[int, ...], ...], bite: float) -> None:
    chance, rate = mix.chance, mix.rate
    kick = play.skin(rate, 50.0, 0.28, bend=5.0, settle=0.018, ring=0.3)
    rattle = play.snare(rate, chance, tight=0.05 + 0.03 * bite)
    closed, open_ = play.hat(rate, chance), play.hat(rate, chance, decay=0.07)
    for sixteenth in range(int(mix.seconds / step) + 1):
        place, at = sixteenth % 16, sixteenth * step
        if place in pattern[0]:
            mix.add(at, kick, 0.9)
        if place in pattern[1]:
            mix.add(at, rattle, 0.75, pan=0.05)
        if place in pattern[2] and chance.random() < 0.7:
            mix.add(at, rattle, 0.22, pan=-0.1)
        if place % 2 == 0:
            mix.add(at, open_ if place % 8 == 6 else closed, 0.4 * chance.uniform(0.7, 1.0), pan=0.25)


def chiptune(mix: Mix, artist: Artist) -> None:
    """Two square channels, a triangle bass and a noise drum: all that an old console had."""
    chance, rate = mix.chance, mix.rate
    key, step = artist.key(chance), 15.0 / artist.tempo(chance)
    progression = PROGRESSIONS[chance.integers(len(PROGRESSIONS))]
    duty = (0.125, 0.25, 0.5)[chance.integers(3)]
    tune = _tune(chance, 32)
    thump, tick = (play.chip_noise(rate, chance, coarse=coarse, seconds=0.09) for coarse in (3, 14))
    for count in range(int(mix.seconds / step) + 1):
        at, bar, place = count * step, count // 16, count % 16
        chord = key.chord(progression[bar % 4])
        mix.add(at, play.pulse(hertz(chord[count % 3] + 12), step, rate, duty=0.125), 0.16, pan=-0.25)
        if place % 4 in (0, 2) and chance.random() < 0.95:
            mix.add(at, play.triangle(hertz(chord[0] - (24 if place % 4 == 0 else 12)), 1.8 * step, rate), 0.5)
        if place % 4 == 0:
            mix.add(at, tick * 0.7 if place % 8 else thump, 0.22)
        if count % 32 in tune and bar % 4 > 0:
            degree, length = tune[count % 32]
            slide = 60.0 * artist.flavour if length > 2 else 0.0
            lead = play.pulse(hertz(key.note(degree) + 12), length * step, rate, duty=duty, slide=slide)
            mix.add(at, lead, 0.26, pan=0.2)


def _tune(chance: np.random.Generator, steps: int) -> dict[int, tuple[int, int]]:
    """Scale degrees and their lengths in sixteenths, by the sixteenth in which they start."""
    tune: dict[int, tuple[int, int]] = {}
    place, degree = 0, int(chance.integers(0, 5))
    while place < steps:
        length = min(int(chance.choice([1, 2, 2, 2, 3, 4])), steps - place)
        tune[place] = degree, length
        degree = int(np.clip(degree + chance.choice([-2, -1, -1, 1, 1, 2, 3]), -1, 9))
        place += length
    return tune


def percussion(mix: Mix, artist: Artist) -> None:
    """Hand drums, seeds and struck metal in cycles of different lengths, or machines in the wind: no melody at all."""
    chance, step, metal = mix.chance, 15.0 / artist.tempo(mix.chance), artist.flavour
    kit = _kit(chance, metal, mix.rate)
    for place, (sound, gain) in enumerate(kit):
        length = int(chance.choice(CYCLES))
        pattern = euclidean(int(chance.integers(3, length // 2 + 1)), length, int(chance.integers(length)))
        pan = 0.7 * (-1) ** place * place / len(kit)
        for count in range(int(mix.seconds / step) + 1):
            if pattern[count % length] and chance.random() < 0.93:
                mix.add(count * step + chance.normal(0.0, 0.003), sound, gain * chance.uniform(0.5, 1.0), pan)
    for _ in range(int(1 + 6 * metal)):
        gust = play.sweep(mix.rate, chance, seconds=chance.uniform(3, 7), low=700.0, high=chance.uniform(2500, 7000))
        mix.add(chance.uniform(-1, mix.seconds - 2), gust, 0.35 * metal, chance.uniform(-0.9, 0.9))
    mix.reverb(0.7 + metal, 0.22, damping=7000.0)


def _kit(chance: np.random.Generator, metal: float, rate: int) -> list[tuple[FloatArray, float]]:
    """Six instruments with their levels; `metal` 0 is skin and seeds, 1 a workshop."""
    pitch = chance.uniform(70, 110)
    low, middle, high = pitch * 1.0, pitch * 1.34, pitch * 1.78
    toms = [play.skin(rate, tom, 0.4, bend=0.4, settle=0.05, ring=0.25, overtone=0.35) for tom in (low, middle, high)]
    metals = [play.clank(rate, chance, pitch=pitch * ratio) for ratio in (5.0, 8.2, 13.1)]
    chosen = [(sound, 0.75 * (1.0 - 0.6 * metal)) for sound in toms]
    chosen += [(sound, 0.15 + 0.5 * metal) for sound in metals[: 1 + round(2 * metal)]]
    return [*chosen, (play.shaker(rate, chance), 0.6), (play.hat(rate, chance), 0.3)]


COMPOSERS = {
    Style.PLUCKED: plucked_strings,
    Style.DRUM_AND_BASS: drum_and_bass,
    Style.AMBIENT: ambient_pads,
    Style.CHIPTUNE: chiptune,
    Style.CHORALE: brass_chorale,
    Style.PERCUSSION: percussion,
}
