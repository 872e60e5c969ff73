package io.starfire.serving.query.aggregate;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Utf8Order;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import java.nio.charset.StandardCharsets;

/**
 * Adds rows to the first or last texts by time. Each value of a row with several counts as one. Not
 * thread-safe.
 */
final class TextEnds extends EndAccumulator {
  private final StringColumn texts;
  private final int nullId;
  private final int[] ids = new int[RowSet.BLOCK_ROWS];
  private int blockStart;

  TextEnds(EndColumn column, NumberSource times, StringColumn texts) {
    super(column, times);
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
          offer(group, time, id, id == nullId);
        }
      } else {
        offer(group, time, ids[row], ids[row] == nullId);
      }
    }
  }

  @Override
  int compare(long value, long old) {
    return texts.sorted()
        ? Long.compare(value, old)
        : Utf8Order.compare(texts.value((int) value), texts.value((int) old));
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
