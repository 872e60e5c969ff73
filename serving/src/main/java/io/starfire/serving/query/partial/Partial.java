package io.starfire.serving.query.partial;

import io.starfire.event.ColumnType;
import io.starfire.serving.query.aggregate.AggregateColumn;
import io.starfire.serving.query.aggregate.Aggregators;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.GroupDimension;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a query over some of its rows, not finished, in columns: of each group the ids of
 * its time bucket and of its dimensions' values, with a dictionary for each, and a column of
 * intermediate values for each aggregate. Merging is a pass over arrays. No object is made for a
 * group, and no text, until it is shown.
 *
 * <p>Not changed once it is handed out, so that threads may share it; {@link PartialMerger} changes
 * those that it is given.
 */
public final class Partial {
  /** Ids of a dictionary for each group that refers to it, up to which an array of them pays. */
  private static final long MAX_IDS_A_GROUP = 4;

  private static final int NO_KEY = -1;

  private final Dictionary[] dictionaries;
  private GroupIndex index;
  private final AggregateColumn[] aggregates;
  private final GroupMemory memory;
  private long rowsScanned;
  private long rowsMatched;

  /** Without groups. */
  public Partial(AggregateQuery query, QueryControl control) {
    this(
        dictionaries(query),
        new GroupIndex(1 + query.dimensions().size()),
        aggregates(query),
        new GroupMemory(control));
  }

  /**
   * With groups, all of which differ.
   *
   * @param dictionaries of the time buckets, then of the dimensions
   * @param index whose keys are ids in the dictionaries
   * @param aggregates in the order of the query's
   * @param memory from which what the groups need is taken
   */
  public Partial(
      Dictionary[] dictionaries,
      GroupIndex index,
      AggregateColumn[] aggregates,
      GroupMemory memory) {
    this.dictionaries = dictionaries;
    this.index = index;
    this.aggregates = aggregates;
    this.memory = memory;
    memory.hold(bytes());
  }

  /** Empty dictionaries of the time buckets and of the dimensions. */
  public static Dictionary[] dictionaries(AggregateQuery query) {
    List<GroupDimension> dimensions = query.dimensions();
    Dictionary[] dictionaries = new Dictionary[1 + dimensions.size()];
    dictionaries[0] = Dictionary.of(ColumnType.LONG);
    for (int d = 0; d < dimensions.size(); d++) {
      dictionaries[1 + d] = Dictionary.of(dimensions.get(d).outputType());
    }
    return dictionaries;
  }

  /** Columns without groups, one for each aggregation. */
  public static AggregateColumn[] aggregates(AggregateQuery query) {
    return query.aggregations().stream()
        .map(aggregation -> Aggregators.of(aggregation).newColumn())
        .toArray(AggregateColumn[]::new);
  }

  /** Rows that were looked at. */
  public long rowsScanned() {
    return rowsScanned;
  }

  /** Rows that counted. */
  public long rowsMatched() {
    return rowsMatched;
  }

  public int groupCount() {
    return index.size();
  }

  /** The start of a group's time bucket. */
  public long timeMillis(int group) {
    return ((NumberDictionary) dictionaries[0]).bits(index.ids(0)[group]);
  }

  /** The distinct values of a dimension. */
  public Dictionary dictionary(int dimension) {
    return dictionaries[1 + dimension];
  }

  /** Of each group, the id of a dimension's value in its dictionary. */
  public int[] ids(int dimension) {
    return index.ids(1 + dimension);
  }

  /** The value of a dimension: null, a String, a Long or a Double. */
  public @Nullable Object key(int group, int dimension) {
    return dictionary(dimension).value(ids(dimension)[group]);
  }

  public AggregateColumn aggregate(int aggregation) {
    return aggregates[aggregation];
  }

  public void countRows(long scanned, long matched) {
    rowsScanned += scanned;
    rowsMatched += matched;
  }

  /** One group without dimensions, of a time bucket, that nothing was added to. */
  public static Partial ofNothing(AggregateQuery query, long timeMillis, QueryControl control) {
    Dictionary[] dictionaries = dictionaries(query);
    int[][] keys = {{dictionaries[0].add(timeMillis)}};
    AggregateColumn[] aggregates = aggregates(query);
    for (AggregateColumn aggregate : aggregates) {
      aggregate.grow(1);
    }
    return new Partial(dictionaries, new GroupIndex(keys, 1), aggregates, new GroupMemory(control));
  }

  /** All groups as one without dimensions, of a time bucket. */
  public Partial total(AggregateQuery query, long timeMillis, QueryControl control) {
    Partial total = ofNothing(query, timeMillis, control);
    int[] zeros = new int[GroupIndex.BLOCK];
    int[] sources = new int[GroupIndex.BLOCK];
    for (int from = 0; from < groupCount(); from += GroupIndex.BLOCK) {
      control.check();
      int count = Math.min(GroupIndex.BLOCK, groupCount() - from);
      number(sources, from, count);
      for (int a = 0; a < aggregates.length; a++) {
        total.aggregates[a].merge(aggregates[a], sources, zeros, count);
      }
    }
    return total;
  }

  /** Adds the groups of another one of the same query, which stays as it is. */
  void addAll(Partial other, QueryControl control) {
    countRows(other.rowsScanned, other.rowsMatched);
    meet(other, control);
    int keys = dictionaries.length;
    int[][] idsHere = new int[keys][];
    int[] idCounts = new int[keys];
    for (int k = 0; k < keys; k++) {
      control.check();
      memory.hold(bytes() + other.dictionaries[k].bytes());
      idsHere[k] = idsHere(other, k, control);
      idCounts[k] = dictionaries[k].size();
    }
    index.prepare(idCounts, other.groupCount());
    int[][] block = new int[keys][GroupIndex.BLOCK];
    int[] groups = new int[GroupIndex.BLOCK];
    int[] sources = new int[GroupIndex.BLOCK];
    for (int from = 0; from < other.groupCount(); from += GroupIndex.BLOCK) {
      control.check();
      int count = Math.min(GroupIndex.BLOCK, other.groupCount() - from);
      number(sources, from, count);
      for (int k = 0; k < keys; k++) {
        translate(other.index.ids(k), from, count, idsHere[k], block[k]);
      }
      if (index.grows(count)) {
        memory.hold(2 * bytes());
      }
      index.find(block, count, groups);
      for (int a = 0; a < aggregates.length; a++) {
        aggregates[a].grow(index.ids(0).length);
        aggregates[a].merge(other.aggregates[a], sources, groups, count);
      }
      memory.hold(bytes());
    }
  }

  /**
   * Makes ready to add groups of another one: without groups this one takes over dictionaries that
   * are shared; with groups it gives up those that the other does not share.
   */
  private void meet(Partial other, QueryControl control) {
    for (int k = 0; k < dictionaries.length; k++) {
      Dictionary there = other.dictionaries[k];
      if (groupCount() == 0 && there instanceof SharedDictionary) {
        dictionaries[k] = there;
      } else if (dictionaries[k] instanceof SharedDictionary && dictionaries[k] != there) {
        own(k, control);
      }
    }
  }

  /** The ids that the values of another one have here, which are added; null if they are equal. */
  private int @Nullable [] idsHere(Partial other, int key, QueryControl control) {
    Dictionary here = dictionaries[key];
    Dictionary there = other.dictionaries[key];
    if (here == there) {
      return null;
    }
    if (!(there instanceof SharedDictionary)) {
      return here.addAll(there, control);
    }
    int[] idsHere = new int[there.size()];
    int[] ids = other.index.ids(key);
    for (int group = 0; group < other.groupCount(); group++) {
      if (group % Dictionary.IDS_BETWEEN_CHECKS == 0) {
        control.check();
      }
      int id = ids[group];
      if (idsHere[id] == 0) {
        // Only the values that occur are added. That of null is always 0.
        idsHere[id] = here.addFrom(there, id);
      }
    }
    return idsHere;
  }

  /** Gives all keys dictionaries of their own, so that the row sets may be closed. */
  public void own(QueryControl control) {
    for (int k = 0; k < dictionaries.length; k++) {
      if (dictionaries[k] instanceof SharedDictionary) {
        own(k, control);
      }
    }
  }

  private void own(int key, QueryControl control) {
    OwnKey own = ownKey(key, control);
    int[][] keys = new int[dictionaries.length][];
    for (int k = 0; k < keys.length; k++) {
      keys[k] = index.ids(k);
    }
    keys[key] = Arrays.copyOf(own.ids, keys[key].length);
    dictionaries[key] = own.values;
    index = new GroupIndex(keys, groupCount());
    memory.hold(bytes());
  }

  /** A key with the values that occur. */
  static final class OwnKey {
    private final TextDictionary values;

    /** Of each group. */
    private final int[] ids;

    private OwnKey(TextDictionary values, int[] ids) {
      this.values = values;
      this.ids = ids;
    }

    TextDictionary values() {
      return values;
    }

    int[] ids() {
      return ids;
    }
  }

  /** What a key with a shared dictionary is with one of its own. */
  OwnKey ownKey(int key, QueryControl control) {
    SharedDictionary shared = (SharedDictionary) dictionaries[key];
    int[] ids = Arrays.copyOf(index.ids(key), groupCount());
    TextDictionary values = new TextDictionary();
    // In the order of ids, so that neighbours are looked up one after the other.
    int[] used = Arrays.stream(ids).sorted().distinct().toArray();
    int[] ownIds = new int[used.length];
    for (int i = 0; i < used.length; i++) {
      if (i % Dictionary.IDS_BETWEEN_CHECKS == 0) {
        control.check();
      }
      ownIds[i] = used[i] == 0 ? 0 : values.addNew(shared.utf8(used[i]));
    }
    for (int group = 0; group < ids.length; group++) {
      ids[group] = ownIds[Arrays.binarySearch(used, ids[group])];
    }
    return new OwnKey(values, ids);
  }

  boolean isShared(int key) {
    return dictionaries[key] instanceof SharedDictionary;
  }

  /**
   * Adds some groups of another one of the same query, which stays as it is.
   *
   * @param sources in which {@code [from, to)} are the numbers of the groups
   * @param slicedKey a key of which no other slice has the values
   * @param slicedIds of the other's ids of that key that these groups have, the ids here; empty if
   *     ids are the same
   */
  void add(
      Partial other,
      int[] sources,
      int from,
      int to,
      int slicedKey,
      int[] slicedIds,
      QueryControl control) {
    if (from == to) {
      return;
    }
    meet(other, control);
    int keys = dictionaries.length;
    int[] idCounts = new int[keys];
    int[][] idsHere = new int[keys][];
    for (int k = 0; k < keys; k++) {
      idCounts[k] = dictionaries[k].size();
      int ids = other.dictionaries[k].size();
      // Where few of many values occur, each is looked for.
      boolean pays = k != slicedKey && ids <= MAX_IDS_A_GROUP * (to - from);
      idsHere[k] = pays && dictionaries[k] != other.dictionaries[k] ? new int[ids] : null;
    }
    if (slicedKey != NO_KEY && dictionaries[slicedKey] instanceof SharedDictionary shared) {
      int base = shared.firstLike(other.index.ids(slicedKey)[sources[from]], SlicedPartial.BITS);
      index.setBase(slicedKey, base);
      idCounts[slicedKey] = shared.size() / SlicedPartial.SLICES + 1;
    }
    index.prepare(idCounts, to - from);
    int[][] block = new int[keys][GroupIndex.BLOCK];
    int[] groups = new int[GroupIndex.BLOCK];
    int[] chosen = new int[GroupIndex.BLOCK];
    for (int at = from; at < to; at += GroupIndex.BLOCK) {
      control.check();
      int count = Math.min(GroupIndex.BLOCK, to - at);
      System.arraycopy(sources, at, chosen, 0, count);
      for (int k = 0; k < keys; k++) {
        if (k == slicedKey && slicedIds.length > 0) {
          int[] ids = other.index.ids(k);
          for (int i = 0; i < count; i++) {
            block[k][i] = slicedIds[ids[chosen[i]]];
          }
        } else {
          translate(other, k, chosen, count, idsHere[k], block[k]);
        }
      }
      if (index.grows(count)) {
        memory.hold(2 * bytes());
      }
      index.find(block, count, groups);
      for (int a = 0; a < aggregates.length; a++) {
        aggregates[a].grow(index.ids(0).length);
        aggregates[a].merge(other.aggregates[a], chosen, groups, count);
      }
      memory.hold(bytes());
    }
  }

  /**
   * The ids here of the chosen groups' values.
   *
   * @param idsHere one more than the id here of each id there; 0 while it is not known. What is
   *     found out is set. Null if each is looked for.
   */
  private void translate(
      Partial other, int key, int[] chosen, int count, int @Nullable [] idsHere, int[] out) {
    Dictionary there = other.dictionaries[key];
    Dictionary here = dictionaries[key];
    int[] ids = other.index.ids(key);
    if (here == there) {
      for (int i = 0; i < count; i++) {
        out[i] = ids[chosen[i]];
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      int id = ids[chosen[i]];
      if (idsHere == null) {
        out[i] = here.addFrom(there, id);
        continue;
      }
      int known = idsHere[id];
      if (known == 0) {
        known = here.addFrom(there, id) + 1;
        idsHere[id] = known;
      }
      out[i] = known - 1;
    }
  }

  /** Only some of the groups, in this order; the others, and their memory, are given up. */
  public Partial select(AggregateQuery query, int[] groups, QueryControl control) {
    Partial selected = new Partial(query, control);
    selected.add(this, groups, 0, groups.length, NO_KEY, new int[0], control);
    selected.countRows(rowsScanned, rowsMatched);
    discard();
    return selected;
  }

  /**
   * One after the other, of which no two have a group in common.
   *
   * @param slicedKey the key by whose values they differ
   * @param parts which are given up, and their memory
   */
  static Partial concatenated(
      AggregateQuery query, int slicedKey, List<Partial> parts, QueryControl control) {
    Dictionary[] dictionaries = dictionaries(query);
    AggregateColumn[] aggregates = aggregates(query);
    int total = parts.stream().mapToInt(Partial::groupCount).reduce(0, Math::addExact);
    int[][] keys = new int[dictionaries.length][total];
    for (AggregateColumn aggregate : aggregates) {
      aggregate.grow(total);
    }
    GroupMemory memory = new GroupMemory(control);
    for (int k = 0; k < dictionaries.length; k++) {
      share(dictionaries, k, parts, control);
    }
    Partial whole = new Partial(dictionaries, new GroupIndex(keys, total), aggregates, memory);
    int at = 0;
    for (Partial part : parts) {
      control.check();
      for (int k = 0; k < dictionaries.length; k++) {
        int[] ids = part.index.ids(k);
        if (dictionaries[k] instanceof SharedDictionary) {
          System.arraycopy(ids, 0, keys[k], at, part.groupCount());
        } else if (k == slicedKey) {
          int shift = dictionaries[k].size() - 1;
          dictionaries[k].append(part.dictionaries[k]);
          for (int group = 0; group < part.groupCount(); group++) {
            keys[k][at + group] = ids[group] == 0 ? 0 : ids[group] + shift;
          }
        } else {
          int[] idsHere = dictionaries[k].addAll(part.dictionaries[k], control);
          for (int group = 0; group < part.groupCount(); group++) {
            keys[k][at + group] = idsHere[ids[group]];
          }
        }
      }
      whole.copy(part, at, control);
      memory.hold(whole.bytes());
      whole.countRows(part.rowsScanned, part.rowsMatched);
      at += part.groupCount();
      part.discard();
    }
    return whole;
  }

  /** Takes the dictionary over that all parts with groups share; else each gets one of its own. */
  private static void share(
      Dictionary[] dictionaries, int key, List<Partial> parts, QueryControl control) {
    List<Partial> filled = parts.stream().filter(part -> part.groupCount() > 0).toList();
    if (filled.stream().noneMatch(part -> part.isShared(key))) {
      return;
    }
    Dictionary first = filled.get(0).dictionaries[key];
    if (filled.stream().allMatch(part -> part.dictionaries[key] == first)) {
      dictionaries[key] = first;
      return;
    }
    filled.stream().filter(part -> part.isShared(key)).forEach(part -> part.own(key, control));
  }

  /** Merges aggregates of another one into the groups from a number on, which are empty. */
  private void copy(Partial part, int first, QueryControl control) {
    int[] from = new int[GroupIndex.BLOCK];
    int[] into = new int[GroupIndex.BLOCK];
    for (int at = 0; at < part.groupCount(); at += GroupIndex.BLOCK) {
      control.check();
      int count = Math.min(GroupIndex.BLOCK, part.groupCount() - at);
      number(from, at, count);
      number(into, first + at, count);
      for (int a = 0; a < aggregates.length; a++) {
        aggregates[a].merge(part.aggregates[a], from, into, count);
      }
    }
  }

  private static void number(int[] out, int from, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = from + i;
    }
  }

  private static void translate(
      int[] ids, int from, int count, int @Nullable [] idsHere, int[] out) {
    if (idsHere == null) {
      System.arraycopy(ids, from, out, 0, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      out[i] = idsHere[ids[from + i]];
    }
  }

  /** Bytes of memory that the groups take. */
  public long bytes() {
    long bytes = index.bytes();
    for (Dictionary dictionary : dictionaries) {
      bytes += dictionary.bytes();
    }
    for (AggregateColumn aggregate : aggregates) {
      bytes += aggregate.bytes();
    }
    return bytes;
  }

  /** Gives the memory of the groups back, which are not used any more. */
  public void discard() {
    memory.hold(0);
  }

  int keyCount() {
    return dictionaries.length;
  }

  Dictionary keyDictionary(int key) {
    return dictionaries[key];
  }

  int[] keyIds(int key) {
    return index.ids(key);
  }

  int aggregateCount() {
    return aggregates.length;
  }
}
