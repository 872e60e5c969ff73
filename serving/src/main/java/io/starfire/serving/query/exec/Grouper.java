package io.starfire.serving.query.exec;

import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.aggregate.Accumulator;
import io.starfire.serving.query.aggregate.AggregateColumn;
import io.starfire.serving.query.aggregate.AggregatorFactory;
import io.starfire.serving.query.aggregate.Aggregators;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.partial.GroupIndex;
import io.starfire.serving.query.partial.GroupMemory;
import io.starfire.serving.query.partial.Partial;
import java.util.Arrays;
import java.util.List;

/**
 * Adds the chosen rows of one row set to their groups. A group is found by the ids of its time
 * bucket and of its dimensions' values in this row set; only at the end do ids become those of the
 * partial result's own dictionaries. Not thread-safe.
 */
final class Grouper {
  private static final int ROWS_BETWEEN_CHECKS = 1 << 16;

  private final AggregateQuery query;
  private final QueryControl control;
  private final GroupMemory memory;
  private final TimeBuckets buckets;
  private final KeySource[] sources;
  private final AggregateColumn[] aggregates;
  private final Accumulator[] accumulators;
  private final boolean multiValued;
  private final GroupIndex index;

  /** Ids of all rows of the block, for dimensions with one value. */
  private final int[][] blockIds;

  /** Ids of the rows at hand: of their time buckets, then of each dimension. */
  private final int[][] rowIds;

  /** Of one row with several values. */
  private final int[] valueIds;

  private final int[] rows = new int[RowSet.BLOCK_ROWS];
  private final int[] groups = new int[RowSet.BLOCK_ROWS];
  private int pending;

  Grouper(
      AggregateQuery query,
      RowSet rowSet,
      SharedKeys.OfRows shared,
      FilterCompiler filters,
      QueryControl control) {
    this.query = query;
    this.control = control;
    this.memory = new GroupMemory(control);
    this.buckets = new TimeBuckets(query, rowSet);
    this.sources = new KeySource[query.dimensions().size()];
    for (int d = 0; d < sources.length; d++) {
      sources[d] = KeySource.of(query.dimensions().get(d), rowSet, shared.key(d));
    }
    List<AggregatorFactory> factories = Aggregators.of(query.aggregations());
    this.aggregates = new AggregateColumn[factories.size()];
    this.accumulators = new Accumulator[factories.size()];
    for (int a = 0; a < accumulators.length; a++) {
      aggregates[a] = factories.get(a).newColumn();
      accumulators[a] = factories.get(a).accumulator(rowSet, filters, aggregates[a]);
    }
    this.multiValued = Arrays.stream(sources).anyMatch(KeySource::multiValued);
    this.blockIds = new int[sources.length][RowSet.BLOCK_ROWS];
    this.rowIds = new int[1 + sources.length][RowSet.BLOCK_ROWS];
    this.valueIds = new int[sources.length];
    this.index = new GroupIndex(1 + sources.length);
    index.prepare(idCounts(), rowSet.rowCount());
    growAggregates();
  }

  /** As far as they are known. */
  private int[] idCounts() {
    int[] counts = new int[1 + sources.length];
    for (int d = 0; d < sources.length; d++) {
      int cardinality = sources[d].cardinality();
      counts[1 + d] = cardinality == Integer.MAX_VALUE ? 0 : cardinality;
    }
    return counts;
  }

  /**
   * Adds rows of the block {@code [from, from + count)}.
   *
   * @param chosen relative to {@code from}
   */
  void add(int from, int count, int[] chosen, int chosenCount) {
    buckets.read(from, count);
    for (Accumulator accumulator : accumulators) {
      accumulator.read(from, count);
    }
    int bucket = sources.length == 0 ? buckets.idOfAll(chosen, chosenCount) : -1;
    if (bucket >= 0) {
      addToOne(bucket, chosen, chosenCount);
      return;
    }
    for (int d = 0; d < sources.length; d++) {
      if (!sources[d].multiValued()) {
        sources[d].readIds(from, count, blockIds[d]);
      }
    }
    if (multiValued) {
      for (int i = 0; i < chosenCount; i++) {
        explode(from, chosen[i], 0);
      }
      addToGroups(rows, pending);
      pending = 0;
      return;
    }
    buckets.readIds(chosen, chosenCount, rowIds[0]);
    for (int d = 0; d < sources.length; d++) {
      gather(blockIds[d], chosen, chosenCount, rowIds[1 + d]);
    }
    addToGroups(chosen, chosenCount);
  }

  /**
   * Adds all rows {@code [from, to)}; only if {@link #takesRanges}. Rows that are sorted by time
   * are cut where a bucket ends, and most of them are not read.
   */
  void addRange(int from, int to) {
    int row = from;
    while (row < to) {
      control.check();
      int check = (row / ROWS_BETWEEN_CHECKS + 1) * ROWS_BETWEEN_CHECKS;
      int end = buckets.endOfBucket(row, Math.min(to, check));
      rowIds[0][0] = buckets.current();
      findGroups(1);
      for (Accumulator accumulator : accumulators) {
        accumulator.addRange(row, end, groups[0]);
      }
      row = end;
    }
  }

  /** Whether rows that are all chosen can be added by {@link #addRange}. */
  boolean takesRanges() {
    return sources.length == 0 && buckets.areRanges();
  }

  private static void gather(int[] ids, int[] chosen, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = ids[chosen[i]];
    }
  }

  /** Without dimensions a group is a time bucket, and neighbours are mostly in one. */
  private void addToOne(int bucket, int[] chosen, int chosenCount) {
    rowIds[0][0] = bucket;
    findGroups(1);
    for (Accumulator accumulator : accumulators) {
      accumulator.addToOne(chosen, chosenCount, groups[0]);
    }
  }

  /** A row with several values counts once for each, or for each combination. */
  private void explode(int from, int row, int dimension) {
    if (dimension == sources.length) {
      append(row);
    } else if (sources[dimension].multiValued()) {
      for (int value : sources[dimension].readValues(from + row)) {
        valueIds[dimension] = value;
        explode(from, row, dimension + 1);
      }
    } else {
      valueIds[dimension] = blockIds[dimension][row];
      explode(from, row, dimension + 1);
    }
  }

  private void append(int row) {
    rowIds[0][pending] = buckets.idOf(row);
    for (int d = 0; d < sources.length; d++) {
      rowIds[1 + d][pending] = valueIds[d];
    }
    rows[pending] = row;
    pending++;
    if (pending == RowSet.BLOCK_ROWS) {
      addToGroups(rows, pending);
      pending = 0;
    }
  }

  private void addToGroups(int[] added, int count) {
    if (count == 0) {
      return;
    }
    findGroups(count);
    boolean one = true;
    for (int i = 1; i < count && one; i++) {
      one = groups[i] == groups[0];
    }
    for (Accumulator accumulator : accumulators) {
      if (one) {
        accumulator.addToOne(added, count, groups[0]);
      } else {
        accumulator.add(added, groups, count);
      }
    }
  }

  private void findGroups(int count) {
    if (index.grows(count)) {
      // Arrays double, and the old ones are given up after the new ones are there.
      memory.hold(2 * bytes());
    }
    index.find(rowIds, count, groups);
    growAggregates();
  }

  private void growAggregates() {
    int capacity = index.ids(0).length;
    for (AggregateColumn aggregate : aggregates) {
      aggregate.grow(capacity);
    }
    memory.hold(bytes());
  }

  private long bytes() {
    long bytes = index.bytes();
    for (AggregateColumn aggregate : aggregates) {
      bytes += aggregate.bytes();
    }
    for (Accumulator accumulator : accumulators) {
      bytes += accumulator.bytes();
    }
    return bytes;
  }

  /** The groups; nothing can be added after it. */
  Partial finish() {
    int size = index.size();
    for (Accumulator accumulator : accumulators) {
      accumulator.finish(size);
    }
    KeyTranslation keys = new KeyTranslation(query, control);
    keys.add(buckets.millis(), index.ids(0));
    for (int d = 0; d < sources.length; d++) {
      memory.hold(bytes() + keys.bytes() + KeyTranslation.bytes(sources[d], size));
      keys.add(d, sources[d], index.ids(1 + d), size);
    }
    return keys.partial(size, aggregates, memory);
  }
}
