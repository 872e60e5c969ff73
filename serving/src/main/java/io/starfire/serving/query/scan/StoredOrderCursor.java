package io.starfire.serving.query.scan;

import com.fasterxml.jackson.core.JsonGenerator;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.filter.RowSelector;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as they are stored, forward or backward, a block at a time. Not thread-safe. */
final class StoredOrderCursor extends RowCursor {
  private final boolean backward;
  private @Nullable RowSelector selector;
  private List<RowSelector.Range> ranges = List.of();
  private int range;

  /** Where the next block begins, or ends if reading backward; below 0 before the range's first. */
  private int position = -1;

  private final int[] chosen = new int[RowSet.BLOCK_ROWS];
  private final long[] times = new long[RowSet.BLOCK_ROWS];
  private boolean timesRead;
  private int blockFrom;
  private int blockCount;
  private int chosenCount;
  private int at;
  private long rowsScanned;

  StoredOrderCursor(RowSource source, Settings settings, boolean backward) {
    super(source, settings);
    this.backward = backward;
  }

  @Override
  boolean advance() {
    at += backward ? -1 : 1;
    while (at < 0 || at >= chosenCount) {
      if (!nextBlock()) {
        return false;
      }
      at = backward ? chosenCount - 1 : 0;
    }
    return true;
  }

  private boolean nextBlock() {
    control().check();
    RowSelector chooser = selector;
    if (chooser == null) {
      chooser = selector();
      selector = chooser;
      ranges = chooser.ranges();
      range = backward ? ranges.size() - 1 : 0;
    }
    while (range >= 0 && range < ranges.size()) {
      RowSelector.Range rows = ranges.get(range);
      if (position < 0) {
        position = backward ? rows.to() : rows.from();
      }
      if (backward ? position > rows.from() : position < rows.to()) {
        readBlock(chooser, rows);
        return true;
      }
      range += backward ? -1 : 1;
      position = -1;
    }
    chosenCount = 0;
    return false;
  }

  /** Blocks end at multiples, so that a block of the row set is decoded once. */
  private void readBlock(RowSelector chooser, RowSelector.Range rows) {
    if (backward) {
      blockFrom = Math.max(rows.from(), (position - 1) / RowSet.BLOCK_ROWS * RowSet.BLOCK_ROWS);
      blockCount = position - blockFrom;
      position = blockFrom;
    } else {
      blockFrom = position;
      int end = Math.min(rows.to(), (blockFrom / RowSet.BLOCK_ROWS + 1) * RowSet.BLOCK_ROWS);
      blockCount = end - blockFrom;
      position = end;
    }
    chosenCount = chooser.select(blockFrom, blockCount, chosen);
    timesRead = false;
    rowsScanned += blockCount;
  }

  @Override
  public long timeMillis() {
    if (!timesRead) {
      source().rows().time().read(blockFrom, blockCount, times);
      timesRead = true;
    }
    return times[chosen[at]];
  }

  @Override
  void write(ColumnWriter writer, JsonGenerator json) throws IOException {
    writer.write(json, blockFrom, blockCount, chosen[at]);
  }

  @Override
  @Nullable Object value(ColumnWriter writer) {
    return writer.value(blockFrom, blockCount, chosen[at]);
  }

  @Override
  long bytes() {
    return super.bytes() + RowSet.BLOCK_ROWS * (Integer.BYTES + Long.BYTES);
  }

  @Override
  long rowsScanned() {
    return rowsScanned;
  }
}
