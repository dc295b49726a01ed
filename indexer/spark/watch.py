"""Obeys a cancelled job while Spark is at work: what runs is stopped, and nothing further begins."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from py4j.protocol import Py4JError
from pyspark.sql import SparkSession

from indexer.analysis.control import Control

_INTERVAL_SECONDS = 0.2


class Cancelled(Exception):
    """The person asked for it; not an error."""


@contextmanager
def cancellable(spark: SparkSession, control: Control) -> Iterator[None]:
    """Within this block a cancelled control stops Spark's jobs; whatever that makes fail becomes `Cancelled`."""
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(spark, control, done), name="spark-watch", daemon=True)
    watcher.start()
    try:
        yield
    except Exception as error:
        if control.is_cancelled:
            raise Cancelled from error
        raise
    finally:
        done.set()
        watcher.join()


def _watch(spark: SparkSession, control: Control, done: threading.Event) -> None:
    """Cancel again and again: a job may be about to start while one is cancelled."""
    while not done.wait(_INTERVAL_SECONDS):
        if control.is_cancelled:
            with contextlib.suppress(Py4JError, OSError):
                spark.sparkContext.cancelAllJobs()
