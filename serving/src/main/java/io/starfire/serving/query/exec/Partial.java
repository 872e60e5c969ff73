package io.starfire.serving.query.exec;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.Aggregation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The groups of a query over some of its rows, not finished: what {@link QueryEngine#scan} gives,
 * and {@link QueryEngine#merge} puts together. Not changed once it is handed out, so that threads
 * may share it.
 */
public final class Partial {
  /** Object headers, references, hash table entry: a rough guess, on the high side. */
  private static final long GROUP_OVERHEAD_BYTES = 160;

  /** The account is shared by threads, so it is not asked for each group. */
  private static final long RESERVED_AHEAD_BYTES = 4096;

  private final List<Aggregation> aggregations;
  private final Map<GroupKey, Aggregates> groups = new HashMap<>();
  private long groupBytes;
  private long reservedBytes;
  private long rowsScanned;
  private long rowsMatched;

  Partial(List<Aggregation> aggregations) {
    this.aggregations = aggregations;
  }

  /** Rows that were looked at. */
  public long rowsScanned() {
    return rowsScanned;
  }

  /** Rows that counted. */
  public long rowsMatched() {
    return rowsMatched;
  }

  /** Groups so far. */
  public int groupCount() {
    return groups.size();
  }

  public Map<GroupKey, Aggregates> groups() {
    return groups;
  }

  void countRows(long scanned, long matched) {
    rowsScanned += scanned;
    rowsMatched += matched;
  }

  void add(GroupKey key, Aggregates aggregates, QueryControl control) {
    Aggregates existing = groups.get(key);
    if (existing == null) {
      groups.put(key, aggregates.copy());
      groupBytes += bytes(key, aggregations.size());
      if (groupBytes > reservedBytes) {
        long more = groupBytes - reservedBytes + RESERVED_AHEAD_BYTES;
        control.reserveForGroups(more);
        reservedBytes += more;
      }
    } else {
      existing.combine(aggregations, aggregates);
    }
  }

  void addAll(Partial other, QueryControl control) {
    int untilCheck = 0;
    for (Map.Entry<GroupKey, Aggregates> group : other.groups.entrySet()) {
      if (--untilCheck < 0) {
        control.check();
        untilCheck = 1000;
      }
      add(group.getKey(), group.getValue(), control);
    }
    countRows(other.rowsScanned, other.rowsMatched);
  }

  /** Gives the memory of the groups back, which are not used any more. */
  void discard(QueryControl control) {
    control.release(reservedBytes);
    reservedBytes = 0;
  }

  /** All groups as one; what nothing was added to is empty. */
  public Aggregates total() {
    Aggregates total = new Aggregates(aggregations.size());
    groups.values().forEach(aggregates -> total.combine(aggregations, aggregates));
    return total;
  }

  private static long bytes(GroupKey key, int aggregations) {
    long bytes = GROUP_OVERHEAD_BYTES + 9L * aggregations;
    for (Object value : key.values()) {
      bytes += value instanceof String text ? 48 + 2L * text.length() : 24;
    }
    return bytes;
  }
}
