package io.starfire.serving.query.aggregate;

import static java.util.Objects.requireNonNull;

import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.sketch.HllRegisters;
import io.starfire.segment.sketch.HllSpec;
import io.starfire.segment.sketch.SketchBuilder;
import io.starfire.serving.query.compute.ComputedText;
import io.starfire.serving.query.filter.FilterCompiler;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Adds the texts of a column to sketches of distinct values. Which ids of the dictionary a group
 * has is marked by bits, so that a text is hashed once for each group, however many rows have it;
 * where there are too many groups for that, ids wait in a list. An HLL sketch of many values is
 * made of their coupons, which earlier queries may have made. Null is no value. Not thread-safe.
 */
final class DistinctTexts extends Accumulator {
  /** For the bits of all groups. */
  private static final long MAX_BITS_BYTES = 32L << 20;

  private final SketchColumn column;
  private final StringColumn texts;
  private final int nullId;
  private final boolean multiValued;
  private final int[] ids = new int[RowSet.BLOCK_ROWS];
  private final WaitingValues waiting;
  private final Supplier<int @Nullable []> coupons;

  /** Words of the bits of one group; 0 if ids are not known before rows are read. */
  private final int words;

  /** Of each group; null for one that has no bits. */
  private long[][] bits = {};

  private long bitsBytes;
  private int blockStart;

  private DistinctTexts(
      SketchColumn column, StringColumn texts, Supplier<int @Nullable []> coupons) {
    this.column = column;
    this.texts = texts;
    this.coupons = coupons;
    // To look for null among values that are computed, all of them would have to be.
    this.nullId = texts instanceof ComputedText ? -1 : texts.idOf(null);
    this.multiValued = texts.multiValued();
    this.words = texts instanceof ComputedText ? 0 : (texts.cardinality() + 63) >>> 6;
    this.waiting = new WaitingValues(column, true, (builder, id) -> feed(builder, (int) id));
  }

  /**
   * What adds a column.
   *
   * @param filters of the row set
   */
  static DistinctTexts of(
      SketchColumn column, String name, StringColumn texts, FilterCompiler filters) {
    return new DistinctTexts(
        column,
        texts,
        () ->
            column.spec() instanceof HllSpec hll
                ? filters.numbers(name, texts, hll.couponKind(), () -> coupons(hll, texts))
                : null);
  }

  /** Of each id of the dictionary; 0 for null. */
  private static int[] coupons(HllSpec hll, StringColumn texts) {
    int[] coupons = new int[texts.cardinality()];
    for (int id = 0; id < coupons.length; id++) {
      byte[] text = texts.utf8(id);
      coupons[id] = text == null ? 0 : hll.coupon(text);
    }
    return coupons;
  }

  private void feed(SketchBuilder builder, int id) {
    byte[] text = texts.utf8(id);
    if (text != null) {
      builder.addUtf8(text);
    }
  }

  @Override
  public void read(int from, int count) {
    blockStart = from;
    if (!multiValued) {
      texts.readIds(from, count, ids);
    }
  }

  @Override
  public void add(int[] rows, int[] groups, int count) {
    for (int i = 0; i < count; i++) {
      if (multiValued) {
        for (int id : texts.readValues(blockStart + rows[i])) {
          addId(groups[i], id);
        }
      } else {
        addId(groups[i], ids[rows[i]]);
      }
    }
  }

  @Override
  public void addToOne(int[] rows, int count, int group) {
    long[] marks = bitsOf(group);
    if (marks == null || multiValued) {
      int[] groups = new int[count];
      Arrays.fill(groups, group);
      add(rows, groups, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      int id = ids[rows[i]];
      marks[id >> 6] |= 1L << id;
    }
  }

  private void addId(int group, int id) {
    long[] marks = bitsOf(group);
    if (marks != null) {
      marks[id >> 6] |= 1L << id;
    } else if (id != nullId) {
      waiting.add(group, id);
    }
  }

  private long[] bitsOf(int group) {
    if (group >= bits.length) {
      int length = Math.max(16, Math.max(group + 1, bits.length * 2));
      column.addWaitingBytes(4L * (length - bits.length));
      bits = Arrays.copyOf(bits, length);
    }
    if (bits[group] == null && words > 0 && bitsBytes < MAX_BITS_BYTES) {
      bits[group] = new long[words];
      bitsBytes += 16 + 8L * words;
      column.addWaitingBytes(16 + 8L * words);
    }
    return bits[group];
  }

  @Override
  public void finish(int groups) {
    waiting.close();
    for (int group = 0; group < Math.min(groups, bits.length); group++) {
      if (bits[group] != null) {
        addMarked(group, requireNonNull(bits[group]));
        bits[group] = null;
      }
    }
    column.addWaitingBytes(-bitsBytes - 4L * bits.length);
  }

  private void addMarked(int group, long[] marks) {
    int count = 0;
    for (long word : marks) {
      count += Long.bitCount(word);
    }
    if (column.spec() instanceof HllSpec hll
        && count > HllRegisters.leastValues(hll)
        && addCoupons(hll, group, marks)) {
      return;
    }
    SketchBuilder builder = column.open(group);
    boolean any = false;
    for (int word = 0; word < marks.length; word++) {
      long left = marks[word];
      while (left != 0) {
        int id = (word << 6) + Long.numberOfTrailingZeros(left);
        left &= left - 1;
        if (id != nullId) {
          feed(builder, id);
          any = true;
        }
      }
    }
    if (any) {
      column.close(group, builder);
    }
  }

  /** Returns false if the sketch of the group cannot be made of coupons. */
  private boolean addCoupons(HllSpec hll, int group, long[] marks) {
    int[] ofIds = coupons.get();
    if (ofIds == null) {
      return false;
    }
    HllRegisters registers = new HllRegisters(hll);
    for (int word = 0; word < marks.length; word++) {
      long left = marks[word];
      while (left != 0) {
        registers.add(ofIds[(word << 6) + Long.numberOfTrailingZeros(left)]);
        left &= left - 1;
      }
    }
    if (!registers.areEnough()) {
      return false;
    }
    column.add(group, registers.toSketch());
    return true;
  }
}
