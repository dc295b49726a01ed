"""What is said about the broker that plays are told to, and about messages that come from there."""

from __future__ import annotations

from indexer.core.language import Sentences, mark

STREAMING: Sentences = {
    "kafka-address": (
        mark("That is no address of a Kafka broker."),
        mark("Write kafka://host:9092, or kafkas://name:password@host:9093/prefix for one with TLS and a login."),
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
    "kafka-lost": (
        mark("The connection to the Kafka broker at {address} was lost."),
        mark("It is tried again by itself; nothing is lost."),
    ),
    "kafka-none": (
        mark("No Kafka broker is set."),
        mark("Name one in the variable {variable}, or in the settings of the player."),
    ),
    # Messages that cannot be taken.
    "event-not-json": (mark("The message is no JSON object."), ""),
    "event-version": (
        mark("The message is of version {version}, and only {known} is known here."),
        mark("Update Segue where the message was read."),
    ),
    "event-kind": (mark("Messages of the kind “{kind}” have no place in this topic."), ""),
    "event-incomplete": (
        mark("The message of the kind “{kind}” lacks something, or something of it cannot be."),
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
