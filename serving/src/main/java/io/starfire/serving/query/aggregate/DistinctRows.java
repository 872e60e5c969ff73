package io.starfire.serving.query.aggregate;

import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.sketch.SketchBuilder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds combinations of values to sketches of distinct ones, as hashes of 64 bits. Null is a value
 * of a combination. The values of a row with several count as a set. Not thread-safe.
 */
final class DistinctRows extends Accumulator {
  private static final long NULL_HASH = 0x9E3779B97F4A7C15L;

  private final Part[] parts;
  private final long[] hashes = new long[RowSet.BLOCK_ROWS];
  private final WaitingValues waiting;

  /**
   * @param columns null for one that the row set does not have
   */
  DistinctRows(SketchColumn column, List<@Nullable Column> columns) {
    this.parts = columns.stream().map(DistinctRows::part).toArray(Part[]::new);
    this.waiting = new WaitingValues(column, true, SketchBuilder::addLong);
  }

  private static Part part(@Nullable Column column) {
    if (column instanceof StringColumn texts) {
      return new Texts(texts);
    }
    return new Numbers(new NumberSource(column), column instanceof DoubleColumn);
  }

  @Override
  public void read(int from, int count) {
    Arrays.fill(hashes, 0, count, 0);
    for (Part part : parts) {
      part.mixInto(hashes, from, count);
    }
  }

  @Override
  public void add(int[] rows, int[] groups, int count) {
    for (int i = 0; i < count; i++) {
      waiting.add(groups[i], hashes[rows[i]]);
    }
  }

  @Override
  public void addToOne(int[] rows, int count, int group) {
    for (int i = 0; i < count; i++) {
      waiting.add(group, hashes[rows[i]]);
    }
  }

  @Override
  public void finish(int groups) {
    waiting.close();
  }

  /** The finalizer of MurmurHash3, by Austin Appleby: each bit depends on all. */
  private static long mixed(long bits) {
    long hash = (bits ^ (bits >>> 33)) * 0xFF51AFD7ED558CCDL;
    hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return hash ^ (hash >>> 33);
  }

  private static long with(long hash, long value) {
    return mixed(hash * 31 + value);
  }

  /** One column of the combinations. */
  private interface Part {
    void mixInto(long[] hashes, int from, int count);
  }

  private record Numbers(NumberSource source, boolean doubles) implements Part {
    @Override
    public void mixInto(long[] hashes, int from, int count) {
      if (doubles) {
        source.readDoubles(from, count);
      } else {
        source.readLongs(from, count);
      }
      for (int i = 0; i < count; i++) {
        hashes[i] = with(hashes[i], hash(i));
      }
    }

    private long hash(int row) {
      if (source.isMissing() || (source.hasNulls() && source.nulls[row])) {
        return NULL_HASH;
      }
      return doubles
          ? mixed(Double.doubleToLongBits(source.doubles[row] + 0.0) + 1)
          : mixed(source.longs[row]);
    }
  }

  private static final class Texts implements Part {
    private final StringColumn texts;
    private final int[] ids = new int[RowSet.BLOCK_ROWS];

    /** By id, as far as ids are known; 0 is one that is not hashed yet. */
    private long[] hashOfId = new long[64];

    Texts(StringColumn texts) {
      this.texts = texts;
    }

    @Override
    public void mixInto(long[] hashes, int from, int count) {
      if (texts.multiValued()) {
        for (int i = 0; i < count; i++) {
          hashes[i] = with(hashes[i], hashOf(texts.readValues(from + i)));
        }
        return;
      }
      texts.readIds(from, count, ids);
      for (int i = 0; i < count; i++) {
        hashes[i] = with(hashes[i], hashOf(ids[i]));
      }
    }

    private long hashOf(int[] values) {
      long[] each = Arrays.stream(values).mapToLong(this::hashOf).sorted().distinct().toArray();
      long hash = each[0];
      for (int i = 1; i < each.length; i++) {
        hash = with(hash, each[i]);
      }
      return hash;
    }

    private long hashOf(int id) {
      if (id >= hashOfId.length) {
        hashOfId = Arrays.copyOf(hashOfId, Math.max(id + 1, hashOfId.length * 2));
      }
      if (hashOfId[id] == 0) {
        hashOfId[id] = hash(texts.utf8(id));
      }
      return hashOfId[id];
    }

    /** FNV-1a of 64 bits. */
    private static long hash(byte @Nullable [] utf8) {
      if (utf8 == null) {
        return NULL_HASH;
      }
      long hash = 0xCBF29CE484222325L;
      for (byte one : utf8) {
        hash = (hash ^ (one & 0xFF)) * 0x100000001B3L;
      }
      return mixed(hash) | 1;
    }
  }
}
