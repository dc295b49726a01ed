"""What is said about the broker that plays are told to, and about messages that come from there."""

from __future__ import annotations

from indexer.core.language import Sentences, mark

STREAMING: Sentences = {
    "kafka-address": (
        mark("That is no address of a Kafka broker."),
        mark("Write kafka://host:9092, or kafkas://name:password@host:9093/prefix for one with TLS and a login."),
    ),
    "kafka-option": (
        mark("The address of the Kafka broker has an option that does not exist, or one with a value that cannot be."),
        mark(
            "There are `sasl`, `ca`, `certificate` and `key`, and as numbers from 1 to {most} `partitions`, "
            "`replication` and `hours`."
        ),
    ),
    "kafka-mechanism": (mark("A broker is not logged in to like that."), mark("`sasl` is one of: {known}.")),
    "kafka-missing": (
        mark("A Kafka broker is set, and what speaks to it is not installed."),
        mark("Install segue-player[kafka], or take the broker out of the settings; plays are kept until then."),
    ),
    "kafka-settings": (
        mark("What is set for the Kafka broker does not work: {reason}."),
        mark("Check the files that its address names."),
    ),
    "kafka-away": (
        mark("The Kafka broker at {address} does not take what it is told: {reason}."),
        mark("It is tried again by itself; nothing is lost."),
    ),
    "kafka-silent": (
        mark("The Kafka broker at {address} does not answer: {reason}."),
        mark("Check its address, and whether it runs."),
    ),
    "kafka-lost": (
        mark("The connection to the Kafka broker at {address} was lost."),
        mark("It is tried again by itself; nothing is lost."),
    ),
    "kafka-none": (
        mark("No Kafka broker is set."),
        mark("Name one in the variable {variable}, or in the settings of the player."),
    ),
    # Models that are told of, and plays that are learnt from.
    "model-untold": (
        mark("The new model is in use, but the Kafka broker was not told of it: {reason}"),
        mark("Players and servers of this home take it up by themselves."),
    ),
    "stream-anew": (
        mark("The Kafka broker holds other plays than before: all that it has are read."),
        mark("That is so once it lost its disk, or was ended without warning; nothing is learnt from twice."),
    ),
    "stream-gone": (
        mark("The Kafka broker deleted {number} messages before they were read."),
        mark("Gather more often, or let it keep messages for longer."),
    ),
    "stream-refused": (
        mark("{number} messages tell of no play that could be understood."),
        mark("They are left out; docs/events.md says what a play looks like."),
    ),
    "stream-nothing-new": (mark("Nothing new was played: what was learnt before is still in use."), ""),
    "stream-training": (
        mark("Plays of the broker are being gathered for {folder} already."),
        mark("Wait for its end."),
    ),
    "stream-failed": (
        mark("Plays could not be gathered from the Kafka broker: {reason}"),
        mark("What was gathered is kept, and the next time goes on from there."),
    ),
    "stream-damaged": (
        mark("A file of gathered plays cannot be read: {file}: {reason}"),
        mark("Delete it, and the folder `checkpoint` beside: what the broker still has is gathered again."),
    ),
    # Messages that cannot be taken.
    "event-not-json": (mark("The message is no JSON object."), ""),
    "event-version": (
        mark("The message is of version {version}, and only {known} is known here."),
        mark("Update Segue where the message was read."),
    ),
    "event-kind": (mark("Messages of the kind “{kind}” have no place in this topic."), ""),
    "event-incomplete": (
        mark("The message of the kind “{kind}” lacks something, or something of it cannot be: {field}."),
        mark("docs/events.md says what it holds."),
    ),
    "event-refused": (
        mark("The database does not keep what the message says: {reason}"),
        mark("It is of no use to send it again as it is."),
    ),
    "event-ahead": (
        mark("The message tells of something that is yet to come."),
        mark("Set the clock of the machine that sent it."),
    ),
}
