"""Stands in for the MongoDB Spark Connector, which is not on PyPI: its name, its options, documents as rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pymongo
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition


class StandIn(DataSource):
    """Reads a whole collection in one partition, with the fields of the schema that was asked for."""

    @classmethod
    def name(cls) -> str:
        return "mongodb"

    def reader(self, schema: Any) -> Collection:
        return Collection(dict(self.options), schema.fieldNames())


class Collection(DataSourceReader):
    def __init__(self, options: dict[str, str], fields: list[str]) -> None:
        self._options = {name.lower(): value for name, value in options.items()}
        self._fields = fields

    def read(self, partition: InputPartition) -> Iterator[tuple[Any, ...]]:
        with pymongo.MongoClient[dict[str, Any]](self._options["connection.uri"]) as client:
            collection = client[self._options["database"]][self._options["collection"]]
            for document in collection.find({}, dict.fromkeys(self._fields, 1)):
                yield tuple(document[field] for field in self._fields)
