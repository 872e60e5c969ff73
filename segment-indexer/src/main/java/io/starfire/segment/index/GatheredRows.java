package io.starfire.segment.index;

import io.starfire.common.Interval;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Puts rows that were spilled and those that are still in the index together again, in order of
 * arrival. Stateless.
 */
final class GatheredRows {
  private GatheredRows() {}

  /**
   * All rows.
   *
   * @param spilled of this index
   * @param rest the snapshot of what the index holds, which the result then owns
   * @param nullIds for each dimension the id of null, which rows from before it was known have
   */
  static LiveSnapshot of(List<SpilledRows> spilled, LiveSnapshot rest, int[] nullIds) {
    if (spilled.isEmpty()) {
      return rest;
    }
    long rows = rest.rowCount();
    long events = rest.eventCount();
    for (SpilledRows each : spilled) {
      rows += each.rowCount();
      events += each.events();
    }
    Gathering gathering = new Gathering(spilled, rest, Math.toIntExact(rows), nullIds);
    try {
      return gathering.all(events);
    } finally {
      gathering.close();
    }
  }

  private static final class Gathering {
    private final List<SpilledRows> spilled;
    private final List<SpilledRows.Input> inputs = new ArrayList<>();
    private final LiveSnapshot rest;
    private final int rows;
    private final int[] nullIds;

    Gathering(List<SpilledRows> spilled, LiveSnapshot rest, int rows, int[] nullIds) {
      this.spilled = spilled;
      this.rest = rest;
      this.rows = rows;
      this.nullIds = nullIds;
      spilled.forEach(each -> inputs.add(each.new Input()));
    }

    LiveSnapshot all(long events) {
      DataSourceSchema schema = rest.schema();
      long[] times = new long[rows];
      int at = 0;
      for (int i = 0; i < spilled.size(); i++) {
        inputs.get(i).readLongs(0, times, at);
        at += spilled.get(i).rowCount();
      }
      readRest(rest.liveTime().values(), times, null, at);
      List<RowColumn> dimensions = new ArrayList<>();
      for (int i = 0; i < schema.dimensions().size(); i++) {
        dimensions.add(
            rest.dimensions().get(i) instanceof LiveStringColumn strings
                ? strings(i, strings)
                : numbers(i, true, schema.dimensions().get(i).type(), rest.dimensions().get(i)));
      }
      List<RowColumn> metrics = new ArrayList<>();
      for (int i = 0; i < schema.metrics().size(); i++) {
        ColumnType type = schema.metrics().get(i).aggregation().type();
        metrics.add(
            rest.metrics().get(i) instanceof LiveBytesColumn bytes
                ? bytes(i, bytes)
                : numbers(i, false, type, rest.metrics().get(i)));
      }
      Interval range = rangeOf(times);
      LiveLongColumn time =
          new LiveLongColumn(
              rows, new BitsView.Flat(times, null), range.startMillis(), range.endMillis() - 1);
      return new LiveSnapshot(schema, rows, events, time, dimensions, metrics, rest::close);
    }

    private static Interval rangeOf(long[] times) {
      long min = Long.MAX_VALUE;
      long max = Long.MIN_VALUE;
      for (long time : times) {
        min = Math.min(min, time);
        max = Math.max(max, time);
      }
      return new Interval(min, max + 1);
    }

    private LiveStringColumn strings(int dimension, LiveStringColumn ofRest) {
      int[] codes = new int[rows];
      int at = 0;
      for (int i = 0; i < spilled.size(); i++) {
        SpilledRows each = spilled.get(i);
        if (dimension < each.dimensionCount()) {
          inputs.get(i).readInts(1 + dimension, codes, at);
        } else {
          Arrays.fill(codes, at, at + each.rowCount(), nullIds[dimension]);
        }
        at += each.rowCount();
      }
      for (int row = 0; row < rest.rowCount(); row++) {
        codes[at + row] = ofRest.code(row);
      }
      return ofRest.withCodes(rows, codes);
    }

    private LiveBytesColumn bytes(int metric, LiveBytesColumn ofRest) {
      byte[][] values = new byte[rows][];
      int at = 0;
      for (int i = 0; i < spilled.size(); i++) {
        inputs.get(i).readBytes(1 + metric + spilled.get(i).dimensionCount(), values, at);
        at += spilled.get(i).rowCount();
      }
      for (int row = 0; row < rest.rowCount(); row++) {
        values[at + row] = ofRest.value(row);
      }
      return new LiveBytesColumn(ofRest.typeName(), rows, row -> values[row]);
    }

    private RowColumn numbers(int index, boolean isDimension, ColumnType type, RowColumn ofRest) {
      long[] bits = new long[rows];
      boolean[] nulls = new boolean[rows];
      boolean anyNull = false;
      int at = 0;
      for (int i = 0; i < spilled.size(); i++) {
        SpilledRows each = spilled.get(i);
        if (isDimension && index >= each.dimensionCount()) {
          Arrays.fill(nulls, at, at + each.rowCount(), true);
          anyNull = true;
        } else {
          int column = 1 + index + (isDimension ? 0 : each.dimensionCount());
          inputs.get(i).readLongs(column, bits, at);
          if (inputs.get(i).hasNulls(column)) {
            inputs.get(i).readNulls(column, nulls, at);
            anyNull = true;
          }
        }
        at += each.rowCount();
      }
      BitsView view =
          ofRest instanceof LiveLongColumn longs
              ? longs.values()
              : ((LiveDoubleColumn) ofRest).values();
      anyNull |= view.hasNulls();
      readRest(view, bits, nulls, at);
      BitsView all = new BitsView.Flat(bits, anyNull ? nulls : null);
      return type == ColumnType.LONG
          ? new LiveLongColumn(rows, all)
          : new LiveDoubleColumn(rows, all);
    }

    private void readRest(BitsView view, long[] bits, boolean[] nulls, int at) {
      int count = rest.rowCount();
      long[] read = new long[count];
      view.read(0, count, read);
      System.arraycopy(read, 0, bits, at, count);
      for (int row = 0; nulls != null && view.hasNulls() && row < count; row++) {
        nulls[at + row] = view.isNull(row);
      }
    }

    void close() {
      inputs.forEach(SpilledRows.Input::close);
    }
  }
}
