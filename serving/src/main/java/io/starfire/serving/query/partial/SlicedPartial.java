package io.starfire.serving.query.partial;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.AggregateQuery;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partial result whose groups are put in order by slice. The slice of a group is that of its
 * value of one key: a few bits of the value's hash. Groups of two partial results that are the same
 * are in the same slice of each, so that slices are merged by several threads without locks. A
 * value of that key is in one slice only, and so is its text.
 *
 * <pre>
 *   partial 1, in order: |slice 0      |slice 1  |slice 2   |
 *   partial 2, in order: |slice 0 |slice 1       |slice 2 |
 *                             │           │          │
 *                        thread 1     thread 2    thread 1     each adds up its slice of all
 * </pre>
 */
public final class SlicedPartial {
  /** A power of two. */
  public static final int SLICES = 32;

  /** Of a hash, which say the slice. */
  static final int BITS = Integer.numberOfTrailingZeros(SLICES);

  private static final int SHIFT = Integer.SIZE - BITS;

  private final Partial partial;
  private final int key;

  /** The groups, by slice, and in each by number. */
  private final int[] order;

  /** Where each slice begins in the order; one more at the end. */
  private final int[] starts;

  /** The ids of the key but that of null, by slice, and in each ascending. */
  private final int[] idOrder;

  /** Where each slice begins in the order of ids; one more at the end. */
  private final int[] idStarts = new int[SLICES + 1];

  /**
   * Of the ids of the key, the hashes; then the ids in their slices. Each is set by one thread.
   * Empty if the dictionary is shared.
   */
  private final int[] idsThere;

  private final GroupMemory memory;

  private SlicedPartial(Partial partial, int key, QueryControl control) {
    this.partial = partial;
    this.key = key;
    this.memory = new GroupMemory(control);
    int ids = partial.isShared(key) ? 1 : partial.keyDictionary(key).size();
    memory.hold((long) Integer.BYTES * (partial.groupCount() + 2L * ids));
    this.order = new int[partial.groupCount()];
    this.starts = new int[SLICES + 1];
    this.idOrder = new int[ids - 1];
    this.idsThere = new int[partial.isShared(key) ? 0 : ids];
  }

  /** The key by which slices are told apart best: that with the most values. */
  public static int bestKey(Collection<Partial> partials) {
    int best = 0;
    long most = -1;
    int keys = partials.iterator().next().keyCount();
    for (int k = 0; k < keys; k++) {
      long values = 0;
      for (Partial partial : partials) {
        values += partial.keyDictionary(k).size();
      }
      if (values > most) {
        most = values;
        best = k;
      }
    }
    return best;
  }

  /** Puts the groups of a partial result, which stays as it is, in order. */
  public static SlicedPartial of(Partial partial, int key, QueryControl control) {
    SlicedPartial sliced = new SlicedPartial(partial, key, control);
    sliced.fill(control);
    return sliced;
  }

  private void fill(QueryControl control) {
    Dictionary values = partial.keyDictionary(key);
    if (partial.isShared(key)) {
      SharedDictionary shared = (SharedDictionary) values;
      if (!fillInOrder(shared)) {
        fillByGroups(shared, control);
      }
      return;
    }
    byte[] sliceOfId = new byte[values.size()];
    for (int id = 0; id < sliceOfId.length; id++) {
      look(id, control);
      idsThere[id] = values.hash(id);
      sliceOfId[id] = (byte) (idsThere[id] >>> SHIFT);
      idStarts[sliceOfId[id] + 1] += id == 0 ? 0 : 1;
    }
    for (int slice = 0; slice < SLICES; slice++) {
      idStarts[slice + 1] += idStarts[slice];
    }
    int[] nextId = idStarts.clone();
    for (int id = 1; id < sliceOfId.length; id++) {
      idOrder[nextId[sliceOfId[id]]++] = id;
    }
    int[] ids = partial.keyIds(key);
    for (int group = 0; group < partial.groupCount(); group++) {
      starts[sliceOfId[ids[group]] + 1]++;
    }
    for (int slice = 0; slice < SLICES; slice++) {
      starts[slice + 1] += starts[slice];
    }
    int[] next = starts.clone();
    for (int group = 0; group < order.length; group++) {
      look(group, control);
      order[next[sliceOfId[ids[group]]]++] = group;
    }
  }

  /** Returns false if the ids of the groups do not ascend, so that slices are not neighbours. */
  private boolean fillInOrder(SharedDictionary values) {
    int[] ids = partial.keyIds(key);
    for (int group = 1; group < order.length; group++) {
      if (ids[group] < ids[group - 1]) {
        return false;
      }
    }
    for (int group = 0; group < order.length; group++) {
      order[group] = group;
    }
    for (int slice = 0; slice <= SLICES; slice++) {
      starts[slice] = firstGroup(ids, order.length, values.firstOf(slice, BITS));
    }
    return true;
  }

  /** The first group whose id is at or above one. */
  private static int firstGroup(int[] ids, int groups, int id) {
    int low = 0;
    int high = groups;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ids[middle] < id) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Without an array of all ids, of which few may occur. */
  private void fillByGroups(SharedDictionary values, QueryControl control) {
    int[] ids = partial.keyIds(key);
    byte[] sliceOfGroup = new byte[order.length];
    for (int group = 0; group < order.length; group++) {
      look(group, control);
      sliceOfGroup[group] = (byte) (values.hash(ids[group]) >>> SHIFT);
      starts[sliceOfGroup[group] + 1]++;
    }
    for (int slice = 0; slice < SLICES; slice++) {
      starts[slice + 1] += starts[slice];
    }
    int[] next = starts.clone();
    for (int group = 0; group < order.length; group++) {
      order[next[sliceOfGroup[group]]++] = group;
    }
  }

  private static void look(int at, QueryControl control) {
    if (at % Dictionary.IDS_BETWEEN_CHECKS == 0) {
      control.check();
    }
  }

  /**
   * Adds one slice of each.
   *
   * @param into that slice of what was added before; it is changed. Null if nothing was.
   * @return what they are added to
   */
  public static Partial addSlice(
      AggregateQuery query,
      @Nullable Partial into,
      List<SlicedPartial> added,
      int slice,
      QueryControl control) {
    Partial sum = into == null ? new Partial(query, control) : into;
    for (SlicedPartial one : added) {
      one.translate(sum.keyDictionary(one.key), slice, control);
      sum.add(
          one.partial,
          one.order,
          one.starts[slice],
          one.starts[slice + 1],
          one.key,
          one.idsThere,
          control);
    }
    return sum;
  }

  /** In the order of ids, so that values are read one after the other. */
  private void translate(Dictionary there, int slice, QueryControl control) {
    Dictionary here = partial.keyDictionary(key);
    for (int i = idStarts[slice]; i < idStarts[slice + 1]; i++) {
      look(i, control);
      int id = idOrder[i];
      idsThere[id] = there.addFrom(here, id, idsThere[id]);
    }
  }

  /** Puts slices, all of one key, one after the other; they are given up, and their memory. */
  public static Partial concatenated(
      AggregateQuery query, int key, List<Partial> slices, QueryControl control) {
    return Partial.concatenated(query, key, slices, control);
  }

  /** Gives up the partial result, and its memory. */
  public void discard() {
    partial.discard();
    memory.hold(0);
  }
}
