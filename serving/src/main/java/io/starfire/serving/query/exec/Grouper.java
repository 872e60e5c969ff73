package io.starfire.serving.query.exec;

import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.aggregate.Accumulator;
import io.starfire.serving.query.aggregate.AggregateColumn;
import io.starfire.serving.query.aggregate.AggregatorFactory;
import io.starfire.serving.query.aggregate.Aggregators;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.filter.RowSelector;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.partial.GroupIndex;
import io.starfire.serving.query.partial.GroupMemory;
import io.starfire.serving.query.partial.Partial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds the chosen rows of one row set to their groups. A group is found by the ids of its time
 * bucket and of its dimensions' values in this row set; only at the end do ids become those of the
 * partial result's own dictionaries. Not thread-safe.
 */
final class Grouper {
  private static final int ROWS_BETWEEN_CHECKS = 1 << 16;

  /** With more time buckets there are few rows in each. */
  private static final int MOST_BUCKETS = 1 << 12;

  /** With more places, those of several aggregates do not fit the processor's cache together. */
  private static final int MANY_PLACES = 1 << 15;

  /** Places may take one of so many parts of the memory that is free. */
  private static final int SHARE_OF_PLACES = 4;

  private final AggregateQuery query;
  private final QueryControl control;
  private final GroupMemory memory;
  private final TimeBuckets buckets;
  private final KeySource[] sources;
  private final AggregateColumn[] aggregates;
  private final Accumulator[] accumulators;
  private final boolean multiValued;
  private final GroupIndex index;

  /** How groups are numbered if few are possible; null if the index does it. */
  private @Nullable GroupPlaces places;

  /** Null if each block is added at once. */
  private @Nullable WaitingBlocks waiting;

  /** Ids of all rows of the block, for dimensions with one value. */
  private final int[][] blockIds;

  /** Ids of the rows at hand: of their time buckets, then of each dimension. */
  private final int[][] rowIds;

  /** The same, of which those of a dimension may be those of the block. */
  private final int[][] ids;

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
    this.ids = rowIds.clone();
    this.valueIds = new int[sources.length];
    this.index = new GroupIndex(1 + sources.length);
    for (Accumulator accumulator : accumulators) {
      accumulator.expectAllRows();
    }
  }

  /**
   * Chooses how groups are numbered. Called once, before the first row.
   *
   * @param ranges in which the rows lie, in order
   * @param rows that come at most
   */
  void prepare(List<RowSelector.Range> ranges, long rows) {
    int from = ranges.isEmpty() ? 0 : ranges.get(0).from();
    int to = ranges.isEmpty() ? 0 : ranges.get(ranges.size() - 1).to();
    int[] counts = new int[1 + sources.length];
    counts[0] = sources.length == 0 ? 0 : buckets.most(from, to, MOST_BUCKETS);
    for (int d = 0; d < sources.length; d++) {
      counts[1 + d] = sources[d].cardinality();
    }
    boolean areKnown = Arrays.stream(counts).noneMatch(count -> count == Integer.MAX_VALUE);
    if (sources.length > 0 && areKnown) {
      places =
          GroupPlaces.of(
              Arrays.stream(counts).map(count -> Math.max(1, count)).toArray(),
              rows,
              control.freeBytes() / SHARE_OF_PLACES,
              bytesOfGroup(),
              Arrays.stream(aggregates).allMatch(AggregateColumn::isOfFixedWidth));
    }
    if (places == null) {
      index.prepare(
          Arrays.stream(counts).map(count -> count == Integer.MAX_VALUE ? 0 : count).toArray(),
          rows);
    }
    growAggregates();
    // A column that is computed is kept for one block only.
    if (places != null
        && places.count() > MANY_PLACES
        && accumulators.length > 1
        && !multiValued
        && query.virtualColumns().names().isEmpty()) {
      waiting = new WaitingBlocks();
    }
  }

  /** About as much as aggregates need, and what their accumulators keep beside them. */
  private long bytesOfGroup() {
    long bytes = 0;
    for (AggregateColumn aggregate : aggregates) {
      aggregate.grow(1);
      bytes += aggregate.bytes() + Long.BYTES;
    }
    return bytes;
  }

  /**
   * Adds rows of the block {@code [from, from + count)}.
   *
   * @param chosen relative to {@code from}
   */
  void add(int from, int count, int[] chosen, int chosenCount) {
    buckets.read(from, count);
    WaitingBlocks later = waiting;
    if (later != null) {
      readIds(from, count, chosen, chosenCount);
      findGroups(chosenCount);
      later.add(from, count, chosen, groups, chosenCount);
      if (later.isFull()) {
        addWaiting(later);
      }
      return;
    }
    for (Accumulator accumulator : accumulators) {
      accumulator.read(from, count);
    }
    int bucket = sources.length == 0 ? buckets.idOfAll(chosen, chosenCount) : -1;
    if (bucket >= 0) {
      addToOne(bucket, chosen, chosenCount);
      return;
    }
    if (multiValued) {
      readBlockIds(from, count);
      for (int i = 0; i < chosenCount; i++) {
        explode(from, chosen[i], 0);
      }
      addToGroups(rows, pending, false);
      pending = 0;
      return;
    }
    readIds(from, count, chosen, chosenCount);
    addToGroups(chosen, chosenCount, chosenCount == count);
  }

  private void addWaiting(WaitingBlocks blocks) {
    memory.hold(bytes());
    for (Accumulator accumulator : accumulators) {
      control.check();
      blocks.addTo(accumulator);
    }
    blocks.clear();
  }

  private void readBlockIds(int from, int count) {
    for (int d = 0; d < sources.length; d++) {
      if (!sources[d].multiValued()) {
        sources[d].readIds(from, count, blockIds[d]);
      }
    }
  }

  /** Reads the ids of rows of a block, where each row has one value. */
  private void readIds(int from, int count, int[] chosen, int chosenCount) {
    readBlockIds(from, count);
    buckets.readIds(chosen, chosenCount, rowIds[0]);
    for (int d = 0; d < sources.length; d++) {
      if (chosenCount == count) {
        ids[1 + d] = blockIds[d];
      } else {
        gather(blockIds[d], chosen, chosenCount, rowIds[1 + d]);
        ids[1 + d] = rowIds[1 + d];
      }
    }
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
      addToGroups(rows, pending, false);
      pending = 0;
    }
  }

  /**
   * @param all whether they are all rows of the block
   */
  private void addToGroups(int[] added, int count, boolean all) {
    if (count == 0) {
      return;
    }
    findGroups(count);
    boolean one = true;
    for (int i = 1; i < count && one; i++) {
      one = groups[i] == groups[0];
    }
    if (places != null && !one) {
      places.takeTurns(groups, count);
    }
    for (Accumulator accumulator : accumulators) {
      if (one) {
        accumulator.addToOne(added, count, groups[0]);
      } else if (all) {
        accumulator.addFirst(groups, count);
      } else {
        accumulator.add(added, groups, count);
      }
    }
  }

  private void findGroups(int count) {
    if (places != null) {
      places.find(ids, count, groups);
      return;
    }
    if (index.grows(count)) {
      // Arrays double, and the old ones are given up after the new ones are there.
      memory.hold(2 * bytes());
    }
    index.find(ids, count, groups);
    growAggregates();
  }

  private void growAggregates() {
    int capacity = places == null ? index.ids(0).length : places.count();
    for (AggregateColumn aggregate : aggregates) {
      aggregate.grow(capacity);
    }
    memory.hold(bytes());
  }

  private long bytes() {
    long bytes = index.bytes() + (places == null ? 0 : places.bytes());
    bytes += waiting == null ? 0 : waiting.bytes();
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
    GroupPlaces used = places;
    if (used == null) {
      return finish(index);
    }
    if (waiting != null) {
      addWaiting(waiting);
      waiting = null;
    }
    finishTurns(used);
    int[] taken = used.taken();
    int[][] keys = used.keys(taken);
    long keyBytes = (1L + keys.length) * Integer.BYTES * taken.length;
    if (taken.length < used.count()) {
      // A copy of those that are kept is made, an aggregate at a time.
      memory.hold(2 * bytes() + keyBytes);
      for (AggregateColumn aggregate : aggregates) {
        aggregate.keep(taken, taken.length);
      }
    }
    return translated(new GroupIndex(keys, taken.length));
  }

  private Partial finish(GroupIndex found) {
    for (Accumulator accumulator : accumulators) {
      accumulator.finish(found.size());
    }
    return translated(found);
  }

  /** Adds the further places of each group to its first one: sums of integers before doubles. */
  private void finishTurns(GroupPlaces used) {
    int[] first = new int[used.groups()];
    Arrays.setAll(first, group -> group);
    List<int[]> further = new ArrayList<>();
    for (int turn = 1; turn < used.turns(); turn++) {
      int from = turn * used.groups();
      further.add(Arrays.stream(first).map(group -> from + group).toArray());
    }
    for (Accumulator accumulator : accumulators) {
      further.forEach(groups -> accumulator.addUp(groups, first, first.length));
      accumulator.finish(used.count());
    }
    for (AggregateColumn aggregate : aggregates) {
      further.forEach(groups -> aggregate.merge(aggregate, groups, first, first.length));
    }
  }

  private Partial translated(GroupIndex found) {
    int size = found.size();
    KeyTranslation keys = new KeyTranslation(query, control);
    keys.add(buckets.millis(), found.ids(0));
    for (int d = 0; d < sources.length; d++) {
      memory.hold(bytes() + found.bytes() + keys.bytes() + KeyTranslation.bytes(sources[d], size));
      keys.add(d, sources[d], found.ids(1 + d), size);
    }
    return keys.partial(size, aggregates, memory);
  }
}
