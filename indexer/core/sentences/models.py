"""What is said about similarity models, profiles and networks, and to who exports, tunes and evaluates them."""

from __future__ import annotations

from indexer.core.language import Sentences, mark

_REBUILD = mark("Rebuild the index.")
_MANIFEST = mark("Correct its manifest.")

MODELS: Sentences = {
    "model-missing": (mark("There is no similarity model yet."), mark("Build the index first.")),
    "model-checksum": (mark("The similarity model is damaged: {file} differs from its checksum."), _REBUILD),
    "model-unreadable": (mark("The similarity model is damaged: {file} is unreadable."), _REBUILD),
    "model-pointer-unreadable": (mark("{file} is unreadable."), _REBUILD),
    "model-gone": (mark("{file} points to a model that is not there."), _REBUILD),
    "model-contradictory": (mark("The similarity model {folder} contradicts itself."), _REBUILD),
    "model-without-manifest": (mark("The similarity model {folder} has no readable manifest."), _REBUILD),
    "model-kind-unknown": (mark("The similarity model is of an unknown kind."), _REBUILD),
    "model-unwritable": (
        mark("The similarity model could not be written to {folder}: {reason}."),
        mark("Free some space or allow writing there, then rebuild the index; the model before is still in use."),
    ),
    "model-damaged": (
        mark("The similarity model in {folder} is damaged."),
        mark("Choose Library › Rebuild index to make it anew."),
    ),
    "model-not-loaded": (mark("The model cannot be read: {error}."), mark("Rebuild index.")),
    "taste-missing": (
        mark("Nothing has been learnt from listening yet."),
        mark("Run: indexer taste build"),
    ),
    "taste-without-tracks": (
        mark("The library has no tracks, so there is nothing to learn about."),
        mark("Build the index first."),
    ),
    "taste-without-sound": (
        mark("There is no similarity model: what tracks sound like says nothing this time."),
        mark("Build the index, then run: indexer taste build"),
    ),
    "taste-damaged": (
        mark("What was learnt from listening, in {folder}, is damaged: {reason}"),
        mark("Run: indexer taste build"),
    ),
    "taste-unwritable": (
        mark("What was learnt from listening could not be written to {folder}: {reason}."),
        mark("Free some space or allow writing there, then try again; what was there before is still in use."),
    ),
    "taste-not-erased": (
        mark("What was learnt from listening could not be deleted: {error}."),
        mark("Delete the folder {folder}."),
    ),
    "profile-unknown": (mark("There is no feature profile called {name}."), mark("Choose one of {known}.")),
    "track-unknown": (mark("{name} is neither a file nor a track of the library."), mark("Give a path or a track id.")),
    "track-not-in-library": (
        mark("{name} is not in the library."),
        mark("Scan the folder it is in, or ask what is similar to it."),
    ),
    "track-not-analysed": (
        mark("{file} has not been analysed."),
        mark("Run a build, or look under problems for the reason."),
    ),
    "profile-not-analysed": (mark("Nothing has been analysed for the profile {name}."), mark("Run a build first.")),
    # Embedding networks.
    "network-missing": (mark("There is no embedding network {file}."), mark("Check the path of the ONNX file.")),
    "network-gone": (
        mark("The embedding network {file} of the profile {name} cannot be read."),
        mark("Put it back, or build with --embedding and its path now; an ear comes back by: indexer ears add"),
    ),
    "network-changed": (
        mark("The embedding network {file} has changed since it was registered."),
        mark("Put the former file back, or build with --embedding {file} to analyse all music with this one."),
    ),
    "network-unloadable": (
        mark("onnxruntime cannot load {file}: {reason}."),
        mark("Check that it is a whole ONNX file."),
    ),
    "network-too-wide": (
        mark("The embedding network {file} gives {number} values; at most {most} can be kept."),
        mark("Name an output that pools over time."),
    ),
    "network-fails": (mark("The embedding network {file} fails on {shape} samples: {reason}."), _MANIFEST),
    "network-output-unfit": (
        mark("The embedding network {file} gives {output} as {kind} of shape {shape}."),
        _MANIFEST,
    ),
    "network-without-input": (mark("The embedding network {file} has no input {wanted}, but {found}."), _MANIFEST),
    "network-without-output": (mark("The embedding network {file} has no output {wanted}, but {found}."), _MANIFEST),
    "network-many-inputs": (mark("The embedding network {file} needs more than one input: {found}."), _MANIFEST),
    "network-input-unfit": (
        mark("The embedding network {file} takes {kind} as {wanted}, not floating point samples."),
        _MANIFEST,
    ),
    "network-shape-unfit": (
        mark(
            "The embedding network {file} takes {wanted} of shape {own}; {layout} of {seconds} s at {rate} Hz "
            "is {shape}."
        ),
        _MANIFEST,
    ),
    "network-manifest-missing": (
        mark("The embedding network has no manifest {file}."),
        mark("Write one, for example: {example}"),
    ),
    "network-manifest-unreadable": (
        mark("The manifest {file} cannot be read."),
        mark("Check that it is a text file in UTF-8."),
    ),
    "network-manifest-invalid": (mark("The manifest {file} is not valid: {reasons}."), mark("An example: {example}")),
    "network-runtime-missing": (
        mark("An embedding network needs onnxruntime, which is not installed."),
        mark('Install it with: pip install "segue-player[embedding]"'),
    ),
    "network-list-damaged": (
        mark("The list of embedding networks {file} is unreadable."),
        mark("Delete it and build with --embedding again."),
    ),
    "network-for-sonic": (
        mark("An embedding is added to the profile {sonic}, not to {name}."),
        mark("Leave --profile away."),
    ),
    # Ears.
    "ear-unknown": (mark("There is no ear called {name}."), mark("Choose one of {known}.")),
    "ear-not-added": (mark("The ear {name} is not added."), mark("There is nothing to take away.")),
    "ear-name-taken": (
        mark("A network of your own is registered as {name}: {file}."),
        mark("Give it another name in its manifest and register it again, then take {name} off the list."),
    ),
    "ear-in-use": (
        mark("The player goes by {profile}, which needs the ear {name}."),
        mark("Choose the profile sonic under Settings › Indexing first, or “profile” in its settings file."),
    ),
    "ear-file-unreadable": (mark("{file} cannot be read: {reason}."), mark("Check the path after --from.")),
    "ear-other-file": (
        mark("{file} is not the file that Segue knows as {wanted}: its checksum is another."),
        mark("It may be damaged or of another version; fetch it again from pypi.org."),
    ),
    "ear-unreachable": (
        mark("{address} cannot be reached: {reason}."),
        mark("Check the connection and try again, or fetch {file} elsewhere and add {name} with --from and its path."),
    ),
    "ear-not-there": (
        mark("{address} does not say where {file} is."),
        mark("Fetch the file elsewhere and name it with --from."),
    ),
    "ear-incomplete": (
        mark("Of {file} only {came} of {size} bytes came."),
        mark("Try again, or fetch the file elsewhere and name it with --from."),
    ),
    "ear-unmakeable": (
        mark("No network can be made of {file}: {reason}."),
        mark("Report this; everything is as before."),
    ),
    "ear-deaf": (
        mark("The ear {name} cannot be used here: {reason}."),
        mark("Report this with the version of onnxruntime; everything is as before."),
    ),
    "ear-hears-wrong": (
        mark("The ear {name} does not hear a known sound as it should on this machine."),
        mark("It was not added. Report this with the version of onnxruntime; everything is as before."),
    ),
    # Exporting, engines, tuning.
    "export-format": (mark("{file} has no known format."), mark("End its name in .csv or .parquet.")),
    "export-unwritable": (
        mark("{file} could not be written: {reason}."),
        mark("Choose another place, or free some space."),
    ),
    "sample-of-nothing": (
        mark("There are no tracks to draw a sample from."),
        mark("Scan a folder first, or name labels with --labels."),
    ),
    "sample-too-large": (
        mark("A sample of {size} cannot be drawn from {number} tracks."),
        mark("Ask for that many at most."),
    ),
    "sample-files-missing": (
        mark("A sample of {size} cannot be drawn: of {number} tracks {missing} are not where the library has them."),
        mark("Connect their drive, or scan their folders again."),
    ),
    "sample-whole-of-parts": (
        mark("With whole artists a sample by {by} would be everything: each has a track in it."),
        mark("Choose --by genre, year or decade, or leave out --artists-whole."),
    ),
    "sample-folder-used": (
        mark("{folder} is not empty; nothing was written."),
        mark("Choose a folder that is empty or not there yet."),
    ),
    "sample-no-folder": (mark("{folder} is no folder; nothing was written."), mark("Choose another name.")),
    "engine-unknown": (mark("There is no index engine called {name}."), mark("Choose among {known}.")),
    "engine-missing": (mark("The engine {name} is not installed."), mark("Install it with: {command}")),
    "engine-broken": (mark("The engine {name} cannot be loaded: {error}."), mark("Install it again with: {command}")),
    "tune-few": (
        mark("{number} tracks have features of the profile {name}; tuning needs {fewest}."),
        mark("Run `indexer build FOLDER --profile {name} --model never` first."),
    ),
    # Labels of an evaluation, and its clips.
    "labels-missing": (mark("There is no label file {file}."), mark("Check the path after --labels.")),
    "labels-unreadable": (mark("{file} cannot be read as CSV: {error}."), mark("Save it as CSV in UTF-8.")),
    "labels-without-clips": (mark("{file} names no clip."), mark("Add a line for every clip below the header.")),
    "labels-empty": (mark("{file} is empty."), mark("It needs a header with {columns}.")),
    "labels-without-column": (mark("{file} has no column {missing}."), mark("Its first line must name {columns}.")),
    "labels-twice": (mark("{file}, line {line}: {clip} is already on line {other}."), mark("Name every clip once.")),
    "labels-many-cells": (
        mark("{file}, line {line}: more cells than columns."),
        mark("Quote values that hold a comma."),
    ),
    "labels-clip-empty": (
        mark("{file}, line {line}: the column clip is empty."),
        mark("Name the clip or remove the line."),
    ),
    "labels-outside": (
        mark("{file}, line {line}: {clip} leaves the folder of clips."),
        mark("Write paths relative to --clips."),
    ),
    "clips-missing": (
        mark("{file} names clips that are not in {folder}: {clips}."),
        mark("Say where they are with --clips."),
    ),
    "clips-missing-more": (
        mark("{file} names clips that are not in {folder}: {clips} and {number} more."),
        mark("Say where they are with --clips."),
    ),
    "clips-few": (mark("Only {number} clips could be analysed, {fewest} are the least."), mark("Label more clips.")),
    "clip-of-line": (mark("{clip} (line {line})"), ""),
    "evaluation-died": (
        mark("A process that analyses clips ended unexpectedly."),
        mark("Free some memory, or leave out the peers with --no-peers."),
    ),
    "bliss-refuses": (mark("bliss cannot analyse {name}."), ""),
    "musly-refuses": (mark("musly cannot analyse a clip: {error}."), ""),
    "musly-mute": (mark("musly finds no numbers for a clip; it is silent or constant."), ""),
}
