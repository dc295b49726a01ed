"""Spark's way to a topic through its own Kafka connector, where SEGUE_SPARK_PACKAGES brings it along."""

from __future__ import annotations

from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it

from indexer.core.kafka.address import Address, Topic

FORMAT = "kafka"

_LOGIN = "org.apache.kafka.common.security.{module} required username={name} password={password};"
_MODULES = {"PLAIN": "plain.PlainLoginModule"}
_SCRAM = "scram.ScramLoginModule"


def connector_stream(spark: SparkSession, address: Address, topic: Topic, most: int) -> DataFrame:
    """The messages of a topic, as `indexer.spark.stream.source.SCHEMA` has them.

    Args:
        spark: the session, with the connector on its class path.
        address: of the broker.
        topic: which is read, from its beginning where nothing was read yet.
        most: messages of a batch.
    """
    rows = spark.readStream.format(FORMAT).options(**connector_options(address, topic, most)).load()
    return rows.select(
        F.lit(topic.value).alias("topic"),
        "partition",
        "offset",
        F.col("key").cast("string").alias("key"),
        "value",
        F.col("timestamp").alias("time"),
    )


def connector_options(address: Address, topic: Topic, most: int) -> dict[str, str]:
    """What the connector wants to know; files of certificates go in as text, which is what Java's client takes."""
    encryption = "SSL" if address.tls else "PLAINTEXT"
    found = {
        "kafka.bootstrap.servers": address.servers,
        "kafka.security.protocol": f"SASL_{encryption}" if address.name else encryption,
        "subscribe": address.topic(topic),
        "startingOffsets": "earliest",
        "failOnDataLoss": "false",  # what is gone is gone, and the rest is worth having
        "maxOffsetsPerTrigger": str(most),
    }
    if address.name:
        login = _LOGIN.format(
            module=_MODULES.get(address.mechanism, _SCRAM),
            name=_quoted(address.name),
            password=_quoted(address.password),
        )
        found |= {"kafka.sasl.mechanism": address.mechanism, "kafka.sasl.jaas.config": login}
    if address.ca:
        found |= {"kafka.ssl.truststore.type": "PEM", "kafka.ssl.truststore.certificates": _text(address.ca)}
    if address.certificate and address.key:
        found |= {
            "kafka.ssl.keystore.type": "PEM",
            "kafka.ssl.keystore.certificate.chain": _text(address.certificate),
            "kafka.ssl.keystore.key": _text(address.key),
        }
    return found


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _text(file: str) -> str:
    return Path(file).read_text(encoding="ascii")
