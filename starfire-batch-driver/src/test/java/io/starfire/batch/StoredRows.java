package io.starfire.batch;

import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.format.SegmentReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads what a publication of {@link AdPipeline} holds. */
final class StoredRows {
  private StoredRows() {}

  static Map<String, AdEvents.Sums> read(Path deepStorage, List<SegmentDescriptor> segments) {
    Map<String, AdEvents.Sums> rows = new TreeMap<>();
    for (SegmentDescriptor segment : segments) {
      if (!segment.tombstone()) {
        try (SegmentReader reader = SegmentReader.open(deepStorage.resolve(segment.path()))) {
          reader.verify();
          addRows(reader, rows);
        }
      }
    }
    return rows;
  }

  private static void addRows(SegmentReader reader, Map<String, AdEvents.Sums> rows) {
    for (int row = 0; row < reader.rowCount(); row++) {
      rows.merge(
          AdEvents.key(
              longAt(reader.time(), row),
              textAt((StringColumn) reader.column("advertiser"), row),
              textAt((StringColumn) reader.column("name"), row)),
          new AdEvents.Sums(
              longAt((LongColumn) reader.column("views"), row),
              longAt((LongColumn) reader.column("clicks"), row),
              doubleAt((DoubleColumn) reader.column("revenue"), row)),
          AdEvents.Sums::plus);
    }
  }

  private static long longAt(LongColumn column, int row) {
    long[] value = new long[1];
    column.read(row, 1, value);
    return value[0];
  }

  private static double doubleAt(DoubleColumn column, int row) {
    double[] value = new double[1];
    column.read(row, 1, value);
    return value[0];
  }

  private static String textAt(StringColumn column, int row) {
    int[] id = new int[1];
    column.readIds(row, 1, id);
    return column.value(id[0]);
  }
}
