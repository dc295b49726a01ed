"""The manifest of an embedding network: what it wants to be given and what it gives back."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from indexer.core.model.embedding.errors import ManifestInvalid

_EXAMPLE = (
    '{"name": "mynet", "version": "1", "rate": 16000, "window_seconds": 3, "input": "audio", "output": "features"}'
)
_SHOWN_ERRORS = 3


class Layout(StrEnum):
    """Axes of the network's input; batches are of one window."""

    SAMPLES = "samples"
    BATCH = "batch,samples"
    CHANNEL = "batch,channel,samples"

    def shape(self, samples: int) -> tuple[int, ...]:
        """The shape of an input of one window."""
        return (1,) * self.value.count(",") + (samples,)


class Manifest(BaseModel):
    """What a manifest says.

    Attributes:
        name: the profile is called `sonic+name`; lower-case letters, digits, `-` and `_`.
        version: of the network, for people.
        rate: samples per second of the input, mono.
        window_seconds: length of the input.
        input, output: names of the network's input and of the output that is the embedding.
        layout: axes of the input.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
    version: Annotated[str, Field(min_length=1, max_length=64)]
    rate: Annotated[int, Field(ge=4_000, le=192_000)]
    window_seconds: Annotated[float, Field(gt=0, le=120)]
    input: Annotated[str, Field(min_length=1)]
    output: Annotated[str, Field(min_length=1)]
    layout: Annotated[Layout, Field(strict=False)] = Layout.BATCH

    @property
    def window_samples(self) -> int:
        """Samples of one input, at least 1."""
        return max(round(self.rate * self.window_seconds), 1)


def manifest_path(model: Path) -> Path:
    """Where the manifest of a network lies unless told: beside it, `MODEL.json`."""
    return model.with_suffix(".json")


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file.

    Raises:
        ManifestInvalid: it is missing, not JSON, or a field is missing, unknown or impossible.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ManifestInvalid("network-manifest-missing", file=path, example=_EXAMPLE) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestInvalid("network-manifest-unreadable", file=path) from error
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        raise ManifestInvalid(
            "network-manifest-invalid", file=path, reasons=_reasons(error), example=_EXAMPLE
        ) from error


def _reasons(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False)
    return "; ".join(_reason(str(part["type"]), part["loc"], part["msg"]) for part in found[:_SHOWN_ERRORS])


def _reason(kind: str, place: tuple[int | str, ...], message: str) -> str:
    field = ".".join(map(str, place))
    if kind == "json_invalid":
        return f"it is not JSON ({message.removeprefix('Invalid JSON: ')})"
    if kind == "missing":
        return f"the field {field} is missing"
    if kind == "extra_forbidden":
        return f"there is no field {field}"
    return f"{field}: {message}" if field else message


def to_text(manifest: Manifest) -> str:
    """The manifest as JSON whose bytes depend on its values alone."""
    return json.dumps(manifest.model_dump(mode="json"), sort_keys=True)
