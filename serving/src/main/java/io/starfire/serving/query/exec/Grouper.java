package io.starfire.serving.query.exec;

import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.model.AggregateQuery;
import java.util.Arrays;
import java.util.List;

/**
 * Adds the chosen rows of one row set to their groups. Groups are numbered within the row set, in
 * order of appearance: the id of the time bucket and that of the first dimension are packed into a
 * long, each distinct long gets a number, and that number is packed with the next dimension's id,
 * so that any number of dimensions fits. Only at the end do ids become values. Not thread-safe.
 */
final class Grouper {
  private static final int START_GROUPS = 64;

  private final QueryControl control;
  private final TimeBuckets buckets;
  private final KeySource[] sources;
  private final List<Accumulator> accumulators;
  private final boolean multiValued;

  /** For each dimension, the numbers of what is packed up to it; the last gives the group. */
  private final DenseIds[] packed;

  /** Ids of all rows of the block, for dimensions with one value. */
  private final int[][] blockIds;

  /** Ids of the row at hand. */
  private final int[] rowIds;

  private final int[] rows = new int[RowSet.BLOCK_ROWS];
  private final int[] groups = new int[RowSet.BLOCK_ROWS];
  private int pending;

  private int[] bucketOfGroup = new int[START_GROUPS];
  private final int[][] idsOfGroup;
  private int size;
  private long reservedBytes;

  Grouper(AggregateQuery query, RowSet rowSet, FilterCompiler filters, QueryControl control) {
    this.control = control;
    this.buckets = new TimeBuckets(query, rowSet);
    this.sources =
        query.dimensions().stream()
            .map(dimension -> KeySource.of(dimension, rowSet))
            .toArray(KeySource[]::new);
    this.accumulators =
        query.aggregations().stream()
            .map(aggregation -> Accumulator.of(aggregation, filters, rowSet))
            .toList();
    this.multiValued = Arrays.stream(sources).anyMatch(KeySource::multiValued);
    this.packed = new DenseIds[sources.length];
    Arrays.setAll(packed, i -> new DenseIds());
    this.blockIds = new int[sources.length][RowSet.BLOCK_ROWS];
    this.rowIds = new int[sources.length];
    this.idsOfGroup = new int[sources.length][START_GROUPS];
    reserve(START_GROUPS);
    accumulators.forEach(accumulator -> accumulator.grow(START_GROUPS));
  }

  /**
   * Adds rows of the block {@code [from, from + count)}.
   *
   * @param chosen relative to {@code from}
   */
  void add(int from, int count, int[] chosen, int chosenCount) {
    buckets.read(from, count);
    accumulators.forEach(accumulator -> accumulator.read(from, count));
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
    for (int i = 0; i < chosenCount; i++) {
      int row = chosen[i];
      if (multiValued) {
        explode(from, row, 0);
      } else {
        for (int d = 0; d < sources.length; d++) {
          rowIds[d] = blockIds[d][row];
        }
        append(row);
      }
    }
    flush();
  }

  /** Without dimensions a group is a time bucket, and neighbours are mostly in one. */
  private void addToOne(int bucket, int[] chosen, int chosenCount) {
    if (bucket == size) {
      startGroup(bucket);
    }
    for (Accumulator accumulator : accumulators) {
      accumulator.addToOne(chosen, chosenCount, bucket);
    }
  }

  /** A row with several values counts once for each, or for each combination. */
  private void explode(int from, int row, int dimension) {
    if (dimension == sources.length) {
      append(row);
    } else if (sources[dimension].multiValued()) {
      for (int value : sources[dimension].readValues(from + row)) {
        rowIds[dimension] = value;
        explode(from, row, dimension + 1);
      }
    } else {
      rowIds[dimension] = blockIds[dimension][row];
      explode(from, row, dimension + 1);
    }
  }

  private void append(int row) {
    int bucket = buckets.idOf(row);
    int group = bucket;
    for (int d = 0; d < sources.length; d++) {
      group = packed[d].idOf(((long) group << Integer.SIZE) | rowIds[d]);
    }
    if (group == size) {
      startGroup(bucket);
    }
    rows[pending] = row;
    groups[pending] = group;
    pending++;
    if (pending == RowSet.BLOCK_ROWS) {
      flush();
    }
  }

  private void startGroup(int bucket) {
    if (size == bucketOfGroup.length) {
      int capacity = size * 2;
      reserve(capacity);
      bucketOfGroup = Arrays.copyOf(bucketOfGroup, capacity);
      for (int d = 0; d < sources.length; d++) {
        idsOfGroup[d] = Arrays.copyOf(idsOfGroup[d], capacity);
      }
      accumulators.forEach(accumulator -> accumulator.grow(capacity));
    }
    bucketOfGroup[size] = bucket;
    for (int d = 0; d < sources.length; d++) {
      idsOfGroup[d][size] = rowIds[d];
    }
    size++;
  }

  private void reserve(int capacity) {
    long bytes =
        (long) capacity * (Integer.BYTES + 40L * sources.length + 9L * accumulators.size());
    control.reserveForGroups(bytes - reservedBytes);
    reservedBytes = bytes;
  }

  private void flush() {
    if (pending == 0) {
      return;
    }
    boolean one = true;
    for (int i = 1; i < pending && one; i++) {
      one = groups[i] == groups[0];
    }
    for (Accumulator accumulator : accumulators) {
      if (one) {
        accumulator.addToOne(rows, pending, groups[0]);
      } else {
        accumulator.add(rows, groups, pending);
      }
    }
    pending = 0;
  }

  /** Puts the groups into {@code partial}, by value; nothing can be added after it. */
  void finish(Partial partial) {
    for (int group = 0; group < size; group++) {
      if (group % 1024 == 0) {
        control.check();
      }
      Object[] values = new Object[sources.length];
      for (int d = 0; d < sources.length; d++) {
        values[d] = sources[d].value(idsOfGroup[d][group]);
      }
      Aggregates aggregates = new Aggregates(accumulators.size());
      for (int a = 0; a < accumulators.size(); a++) {
        accumulators.get(a).store(group, aggregates, a);
      }
      long millis = buckets.millisOf(bucketOfGroup[group]);
      partial.add(new GroupKey(millis, Arrays.asList(values)), aggregates, control);
    }
    control.release(reservedBytes);
  }
}
