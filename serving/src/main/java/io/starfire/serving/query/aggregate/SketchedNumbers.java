package io.starfire.serving.query.aggregate;

import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.sketch.SketchKind;

/** Adds the numbers of a column to sketches. Not thread-safe. */
final class SketchedNumbers extends Accumulator {
  private final NumberSource source;
  private final boolean asDoubles;
  private final WaitingValues waiting;

  SketchedNumbers(SketchColumn column, NumberSource source, Column numbers) {
    this.source = source;
    boolean quantiles = column.spec().kind() == SketchKind.QUANTILES;
    this.asDoubles = quantiles || numbers instanceof DoubleColumn;
    this.waiting =
        new WaitingValues(
            column,
            !quantiles,
            asDoubles
                ? (builder, bits) -> builder.addDouble(Double.longBitsToDouble(bits))
                : (builder, value) -> builder.addLong(value));
  }

  @Override
  public void read(int from, int count) {
    if (asDoubles) {
      source.readDoubles(from, count);
    } else {
      source.readLongs(from, count);
    }
  }

  @Override
  public void add(int[] rows, int[] groups, int count) {
    for (int i = 0; i < count; i++) {
      addRow(rows[i], groups[i]);
    }
  }

  @Override
  public void addToOne(int[] rows, int count, int group) {
    for (int i = 0; i < count; i++) {
      addRow(rows[i], group);
    }
  }

  private void addRow(int row, int group) {
    if (source.hasNulls() && source.nulls[row]) {
      return;
    }
    waiting.add(
        group, asDoubles ? Double.doubleToLongBits(source.doubles[row]) : source.longs[row]);
  }

  @Override
  public void finish(int groups) {
    waiting.close();
  }
}
