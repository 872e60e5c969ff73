package io.starfire.segment.index;

import io.starfire.segment.column.BytesColumn;

/** The sketches of a snapshot's rows. Immutable to its readers. */
final class LiveBytesColumn implements BytesColumn, RowColumn {
  private final String typeName;
  private final int rows;
  private final MetricStore.SketchView view;

  LiveBytesColumn(String typeName, int rows, MetricStore.SketchView view) {
    this.typeName = typeName;
    this.rows = rows;
    this.view = view;
  }

  byte[] value(int row) {
    return view.bytes(row);
  }

  @Override
  public String typeName() {
    return typeName;
  }

  @Override
  public boolean hasNulls() {
    return true;
  }

  @Override
  public void read(int from, int count, byte[][] out) {
    Bounds.check(from, count, rows);
    for (int i = 0; i < count; i++) {
      out[i] = view.bytes(from + i);
    }
  }
}
