package io.starfire.serving.query.aggregate;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Utf8Order;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Adds rows to the first or last texts by time. Each value of a row with several counts as one. Not
 * thread-safe.
 */
final class TextEnds extends Accumulator {
  private final EndColumn column;
  private final NumberSource times;
  private final StringColumn texts;
  private final int nullId;
  private final int[] ids = new int[RowSet.BLOCK_ROWS];
  private final int[] oneGroup = new int[RowSet.BLOCK_ROWS];
  private int blockStart;

  TextEnds(EndColumn column, NumberSource times, StringColumn texts) {
    this.column = column;
    this.times = times;
    this.texts = texts;
    this.nullId = texts.idOf(null);
  }

  @Override
  public void read(int from, int count) {
    blockStart = from;
    times.readLongs(from, count);
    if (!texts.multiValued()) {
      texts.readIds(from, count, ids);
    }
  }

  @Override
  public void addToOne(int[] rows, int count, int group) {
    Arrays.fill(oneGroup, 0, count, group);
    add(rows, oneGroup, count);
  }

  @Override
  public void add(int[] rows, int[] groups, int count) {
    if (times.isMissing()) {
      return;
    }
    boolean timeHasNulls = times.hasNulls();
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      int group = groups[i];
      long time = times.longs[row];
      if ((timeHasNulls && times.nulls[row]) || column.isBeaten(group, time)) {
        continue;
      }
      if (texts.multiValued()) {
        for (int id : texts.readValues(blockStart + row)) {
          offer(group, time, id);
        }
      } else {
        offer(group, time, ids[row]);
      }
    }
  }

  private void offer(int group, long time, int id) {
    boolean isNull = id == nullId;
    if (column.isTied(group, time)) {
      if (isNull || (!column.hasNull(group) && !isBetter(id, (int) column.valueOf(group)))) {
        return;
      }
    }
    column.set(group, time, id, isNull);
  }

  private boolean isBetter(int id, int old) {
    int order =
        texts.sorted()
            ? Integer.compare(id, old)
            : Utf8Order.compare(texts.value(id), texts.value(old));
    return column.isFirst() ? order < 0 : order > 0;
  }

  @Override
  public void finish(int groups) {
    for (int group = 0; group < groups; group++) {
      if (!column.isNull(group)) {
        String text =
            requireNonNull(texts.value((int) column.valueOf(group)), "a value that is not null");
        column.setText(group, text.getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
