"""Items by their words, with `pyspark.ml`: weights of terms, topics, and vectors of words that stand together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray
from pyspark.ml import Pipeline
from pyspark.ml.clustering import LDA
from pyspark.ml.feature import IDF, CountVectorizer, Normalizer, RegexTokenizer, Word2Vec
from pyspark.ml.functions import array_to_vector, vector_to_array
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it

from indexer.core.model.index.exact import NeighbourLists
from indexer.core.model.index.hashing import usual_hashes
from indexer.core.model.index.search import PROBES, BuiltIndex
from indexer.core.taste.histories import Histories
from indexer.core.taste.words import Terms
from indexer.spark.arrow import matrix_of, vectors_column
from indexer.spark.choice import Join, Setting, decide
from indexer.spark.lsh import check_hashes, hash_family, lsh_estimator
from indexer.spark.neighbours import Neighbours, find_neighbours

TOPICS = 200
DIMS = 100
"""Of vectors of words."""

ITEM_DIMS = 50
"""Of vectors of items."""

_WORD = r"[\p{L}\p{N}]+"
_FEWEST_ITEMS = 2.0
"""Items that a term must be in: what is in one alone joins it with nothing."""

_MOST_TERMS = 1 << 18
_DOCUMENTS_PER_PART = 16_384
_ROUNDS_OF_TOPICS = 20
"""With more of them topics get narrower than what people like."""

_NEXT_TO_NOTHING = 1.02
"""Of the priors; expectation-maximisation wants more than 1, where nothing is assumed."""

_ROUNDS_OF_SHARES = 5
_UNSAID = 0.2
"""Words of each topic that an item is taken to have besides its own: the few of a short text do not say all."""

_ROUNDS_OF_WORDS = 5
_ROUNDS_OF_ITEMS = 5
_STEP = 0.1
"""Four times what is usual: texts and histories are short and few, and so are steps."""

_NEAR = 10
"""Words on either side that a word stands together with."""

_WHOLE = 50
"""The same of items in a history: all of them."""

_LONGEST = 10_000
_TABLES = 32
_FEWEST_TO_JOIN = 2


def words_frame(spark: SparkSession, texts: Sequence[str]) -> DataFrame:
    """(item int, words array<string>) of one text for each item, lower case; texts without a word are left out."""
    parts = max(2, len(texts) // _DOCUMENTS_PER_PART)
    spark.conf.set("spark.sql.shuffle.partitions", str(parts))
    table = pa.table({"item": pa.array(np.arange(len(texts), dtype=np.int32)), "text": pa.array(texts, pa.string())})
    frame = spark.createDataFrame(table).repartition(parts, "item").sortWithinPartitions("item")
    tokenizer = RegexTokenizer(inputCol="text", outputCol="words", pattern=_WORD, gaps=False, toLowercase=True)
    return tokenizer.transform(frame).select("item", "words").where(F.size("words") > 0)


def weights_of_terms(spark: SparkSession, texts: Sequence[str]) -> Terms:
    """TF-IDF of each item's words: CountVectorizer → IDF → Normalizer."""
    frame = words_frame(spark, texts)
    stages: list[Any] = [
        _counter(),
        IDF(inputCol="counts", outputCol="rare"),
        Normalizer(inputCol="rare", outputCol="weights"),
    ]
    model = Pipeline(stages=stages).fit(frame)
    fitted: list[Any] = model.stages
    sparse = F.udf(_sparse, returnType="terms array<int>, weights array<float>")
    weights = (
        model.transform(frame).select("item", sparse(F.col("weights")).alias("weights")).select("item", "weights.*")
    )
    return _in_rows(weights.orderBy("item").toArrow(), len(texts), len(fitted[0].vocabulary))


def topics(spark: SparkSession, texts: Sequence[str], seed: int, count: int = TOPICS) -> NDArray[np.float32]:
    """The square roots of each item's shares in topics, shape (items, topics): CountVectorizer → LDA.

    The product of two rows of square roots is how much the distributions overlap (Bhattacharyya); the plain shares
    would be ruled by the largest topic. By expectation-maximisation, not by the optimiser that Spark takes by itself:
    online LDA looks at each short text once or twice, tells few topics apart, and ranks half as well. Nor are the
    shares those of Spark's model, which takes the prior for a word of each topic that every text has, and so finds a
    little of everything in a short one; they are maximised as the topics were.

    Source: Asuncion, Welling, Smyth, Teh, "On smoothing and inference for topic models", UAI 2009.
    """
    lda = LDA(
        k=count, optimizer="em", maxIter=_ROUNDS_OF_TOPICS, seed=seed, featuresCol="counts",
        docConcentration=[_NEXT_TO_NOTHING], topicConcentration=_NEXT_TO_NOTHING,
    )  # fmt: skip
    frame = words_frame(spark, texts).persist()
    try:
        fitted: list[Any] = Pipeline(stages=[_counter(), lda]).fit(frame).stages
        chances = spark.sparkContext.broadcast(_chances_of_words(fitted[1].topicsMatrix().toArray()))
        shares = F.udf(lambda counts: _shares(counts, chances.value).tolist(), returnType="array<float>")
        found = fitted[0].transform(frame).select("item", shares(F.col("counts")).alias("vector"))
        return np.sqrt(_in_order(found, len(texts), count))
    finally:
        frame.unpersist()


def topics_as_spark_has_them(spark: SparkSession, texts: Sequence[str], seed: int) -> NDArray[np.float32]:
    """As `topics`, all but the square roots as Spark has it unless told: a baseline."""
    frame = words_frame(spark, texts).persist()
    try:
        stages: list[Any] = [_counter(), LDA(k=TOPICS, seed=seed, featuresCol="counts")]
        found = Pipeline(stages=stages).fit(frame).transform(frame)
        shares = vector_to_array(F.col("topicDistribution"), "float32").alias("vector")
        return np.sqrt(_in_order(found.select("item", shares), len(texts), TOPICS))
    finally:
        frame.unpersist()


def word_vectors(spark: SparkSession, texts: Sequence[str], seed: int, dims: int = DIMS) -> NDArray[np.float32]:
    """The mean of the vectors of each item's words, shape (items, dims): Word2Vec."""
    frame = words_frame(spark, texts)
    learner = Word2Vec(
        vectorSize=dims, windowSize=_NEAR, minCount=int(_FEWEST_ITEMS), maxIter=_ROUNDS_OF_WORDS, stepSize=_STEP,
        numPartitions=1, seed=seed, maxSentenceLength=_LONGEST, inputCol="words", outputCol="mean",
    )  # fmt: skip
    found = learner.fit(frame).transform(frame)
    return _in_order(found.select("item", vector_to_array(F.col("mean"), "float32").alias("vector")), len(texts), dims)


def item_vectors(spark: SparkSession, histories: Histories, seed: int, dims: int = ITEM_DIMS) -> NDArray[np.float32]:
    """Items as words, and what a listener heard, in any order, as a sentence (item2vec): shape (items, dims).

    Source: Barkan & Koenigstein, "Item2vec: neural item embedding for collaborative filtering", MLSP 2016.
    """
    draw = np.random.default_rng(seed)
    rows = [draw.permutation(histories.row(listener)[0]).astype(str).tolist() for listener in range(len(histories))]
    frame = spark.createDataFrame(pa.table({"words": pa.array(rows, pa.list_(pa.string()))})).coalesce(1)
    learner = Word2Vec(
        vectorSize=dims, windowSize=_WHOLE, minCount=1, maxIter=_ROUNDS_OF_ITEMS, stepSize=_STEP,
        numPartitions=1, seed=seed, maxSentenceLength=_LONGEST, inputCol="words", outputCol="mean",
    )  # fmt: skip
    table = learner.fit(frame).getVectors().select("word", vector_to_array(F.col("vector"), "float32").alias("vector"))
    found = table.toArrow().combine_chunks()
    vectors = np.zeros((histories.item_count, dims), dtype=np.float32)
    if found.num_rows:
        vectors[[int(word) for word in found["word"].to_pylist()]] = matrix_of(found["vector"].chunk(0))
    return vectors


def nearest_by_words(
    spark: SparkSession, vectors: NDArray[np.float32], k: int, seed: int, scratch: Path, join: Join = Join.AUTO
) -> Neighbours:
    """The `k` items nearest to each by its words, found and measured as the lists of a sound model are.

    That is by comparing all pairs, or those that share a bucket of Spark's LSH, time and again until enough is found.

    Args:
        spark: the session.
        vectors: shape (items, dims), of length 1; items of zeros are in no list and have none.
        k: length of a list.
        seed: of the projections, and of the items of whose true neighbours the share that is found is told.
        scratch: a folder for what Spark hands over; executors must reach it.
        join: all pairs, or those that share a bucket; by the number of items unless told.

    Raises:
        SparkFailed: Spark hashes otherwise than this does.
    """
    known = np.flatnonzero(np.any(vectors != 0, axis=1)).astype(np.int32)
    lists, own = NeighbourLists.empty(len(vectors), k), vectors[known]
    if known.size < _FEWEST_TO_JOIN:
        return Neighbours(lists, 1.0, 1.0)
    way, _ = decide(join, known.size)
    index = BuiltIndex.without_tables(own) if way is Join.EXACT else _hashed(spark, own, seed, scratch)
    found = find_neighbours(spark, index, min(k, known.size - 1), way, seed)
    length = found.lists.rows.shape[1]
    lists.rows[known, :length] = np.where(found.lists.rows >= 0, known[found.lists.rows], -1)
    lists.distances[known, :length] = found.lists.distances
    return replace(found, lists=lists)


def _hashed(spark: SparkSession, vectors: NDArray[np.float32], seed: int, scratch: Path) -> BuiltIndex:
    """The tables of BucketedRandomProjectionLSH."""
    setting = Setting(usual_hashes(len(vectors)), _TABLES, 1.0)
    table = pa.table({"track": pa.array(np.arange(len(vectors))), "values": vectors_column(vectors)})
    column = array_to_vector(F.col("values").cast("array<double>")).alias("vector")
    frame = spark.createDataFrame(table).select("track", column)
    model = lsh_estimator(setting, seed).fit(frame)
    family = hash_family(spark, model, setting, scratch)
    check_hashes(model, frame, family)
    return BuiltIndex.build(vectors, family, PROBES)


def _counter() -> CountVectorizer:
    return CountVectorizer(inputCol="words", outputCol="counts", vocabSize=_MOST_TERMS, minDF=_FEWEST_ITEMS)


def _chances_of_words(counts: NDArray[np.float64]) -> NDArray[np.float32]:
    """How likely a topic gives a word, shape (terms, topics), by how often it did."""
    prior = _NEXT_TO_NOTHING - 1.0
    chances: NDArray[np.float32] = ((counts + prior) / (counts.sum(axis=0) + prior * len(counts))).astype(np.float32)
    return chances


def _shares(counts: Any, chances: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of the words of one text in topics, shape (topics,); zeros where it has none. Runs in Spark's workers."""
    words = np.ones(chances.shape[1], np.float32)
    if not counts.indices.size:
        return words * 0.0
    for _ in range(_ROUNDS_OF_SHARES):
        likely = (words + (_NEXT_TO_NOTHING - 1.0)) * chances[counts.indices]
        words = counts.values @ (likely / likely.sum(axis=1, keepdims=True))
    shares: NDArray[np.float32] = ((words + _UNSAID) / (words + _UNSAID).sum()).astype(np.float32)
    return shares


def _sparse(vector: Any) -> tuple[list[int], list[float]]:
    """Runs in Spark's workers."""
    return vector.indices.tolist(), vector.values.tolist()


def _in_rows(table: pa.Table, count: int, terms: int) -> Terms:
    """Compressed rows of (item, terms, weights), ascending by item."""
    table = table.combine_chunks()
    lengths = np.zeros(count, dtype=np.int64)
    lengths[table["item"].to_numpy()] = pa.compute.list_value_length(table["terms"]).to_numpy()
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    flat = [pa.compute.list_flatten(table[name]).to_numpy() for name in ("terms", "weights")]
    return Terms(offsets, flat[0].astype(np.int32), flat[1].astype(np.float32), terms)


def _in_order(frame: DataFrame, count: int, dims: int) -> NDArray[np.float32]:
    """(item, vector) by item: shape (count, dims), zeros for items that are not there."""
    found = frame.toArrow().combine_chunks()
    vectors = np.zeros((count, dims), dtype=np.float32)
    if found.num_rows:
        vectors[found["item"].to_numpy()] = matrix_of(found["vector"].chunk(0))
    return vectors
