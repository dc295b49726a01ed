"""Spark's way to the features in MongoDB: a data source whose partitions are ranges of track ids."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched_or_chunks
