package io.starfire.serving.query.exec;

import io.starfire.serving.query.aggregate.AggregateColumn;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.partial.Dictionary;
import io.starfire.serving.query.partial.GroupIndex;
import io.starfire.serving.query.partial.GroupMemory;
import io.starfire.serving.query.partial.NumberDictionary;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.partial.PartialMerger;
import java.util.Arrays;

/**
 * Turns the keys of a row set's groups, which are ids of its own, into those of dictionaries that
 * hold just the values that occur. Several ids may have one value, such as the doubles 1.5 and 1.7
 * as LONG; their groups become one. Not thread-safe.
 */
final class KeyTranslation {
  private static final int VALUES_BETWEEN_CHECKS = 1024;

  private final AggregateQuery query;
  private final QueryControl control;
  private final Dictionary[] dictionaries;
  private final int[][] keys;
  private boolean nullSeen;
  private boolean differ = true;

  KeyTranslation(AggregateQuery query, QueryControl control) {
    this.query = query;
    this.control = control;
    this.dictionaries = Partial.dictionaries(query);
    this.keys = new int[dictionaries.length][];
  }

  /** Bytes of memory that the translation of a key needs besides its dictionary. */
  static long bytes(KeySource source, int groups) {
    if (source.shared() != null) {
      return 0;
    }
    return (long) Integer.BYTES * (isDense(source, groups) ? source.cardinality() : 2L * groups);
  }

  private static boolean isDense(KeySource source, int groups) {
    return source.cardinality() <= Math.max(1024, 4L * groups);
  }

  /** Adds the time buckets, whose ids are of this dictionary already. */
  void add(NumberDictionary buckets, int[] ids) {
    dictionaries[0] = buckets;
    keys[0] = ids;
  }

  /**
   * Adds a dimension.
   *
   * @param ids of each group's value in the source; they are replaced
   */
  void add(int dimension, KeySource source, int[] ids, int size) {
    keys[1 + dimension] = ids;
    SharedKeys.Key shared = source.shared();
    if (shared != null) {
      dictionaries[1 + dimension] = shared.values();
      byMap(shared.ids(), ids, size);
      return;
    }
    Dictionary values = dictionaries[1 + dimension];
    nullSeen = false;
    if (isDense(source, size)) {
      byArray(source, values, ids, size);
    } else {
      bySorting(source, values, ids, size);
    }
  }

  /** Ids that differ have values that differ. */
  private static void byMap(int[] map, int[] ids, int size) {
    for (int group = 0; group < size; group++) {
      ids[group] = map[ids[group]];
    }
  }

  /** In the order of ids, so that pages of a stored dictionary are read one after the other. */
  private void byArray(KeySource source, Dictionary values, int[] ids, int size) {
    int[] translated = new int[source.cardinality()];
    for (int group = 0; group < size; group++) {
      translated[ids[group]] = 1;
    }
    for (int id = 0; id < translated.length; id++) {
      if (translated[id] != 0) {
        translated[id] = value(source, values, id);
      }
    }
    for (int group = 0; group < size; group++) {
      ids[group] = translated[ids[group]];
    }
  }

  private void bySorting(KeySource source, Dictionary values, int[] ids, int size) {
    int[] distinct = Arrays.copyOf(ids, size);
    Arrays.sort(distinct);
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (i == 0 || distinct[i] != distinct[count - 1]) {
        distinct[count++] = distinct[i];
      }
    }
    int[] translated = new int[count];
    for (int i = 0; i < count; i++) {
      translated[i] = value(source, values, distinct[i]);
    }
    for (int group = 0; group < size; group++) {
      ids[group] = translated[Arrays.binarySearch(distinct, 0, count, ids[group])];
    }
  }

  private int value(KeySource source, Dictionary values, int id) {
    if (values.size() % VALUES_BETWEEN_CHECKS == 0) {
      control.check();
    }
    int before = values.size();
    int translated = source.addTo(values, id);
    // Null has an id from the start; any other value must be a new one.
    differ &= translated == 0 ? !nullSeen : values.size() > before;
    nullSeen |= translated == 0;
    return translated;
  }

  /** Bytes of memory that the dictionaries hold. */
  long bytes() {
    long bytes = 0;
    for (Dictionary dictionary : dictionaries) {
      bytes += dictionary.bytes();
    }
    return bytes;
  }

  /** The groups, with the keys that were added. */
  Partial partial(int size, AggregateColumn[] aggregates, GroupMemory memory) {
    Partial groups = new Partial(dictionaries, new GroupIndex(keys, size), aggregates, memory);
    if (differ) {
      return groups;
    }
    PartialMerger merger = new PartialMerger(query, control);
    merger.add(new Partial(query, control));
    merger.add(groups);
    return merger.merged();
  }
}
