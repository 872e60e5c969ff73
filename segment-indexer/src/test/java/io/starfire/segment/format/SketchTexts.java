package io.starfire.segment.format;

import io.starfire.segment.column.BytesColumn;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.sketch.HllSketches;
import io.starfire.segment.sketch.QuantilesSketches;
import io.starfire.segment.sketch.ThetaSketches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the sketches of the rows of {@link SketchColumnsTest} say, as lines that people can read.
 */
final class SketchTexts {
  private SketchTexts() {}

  static List<String> of(IndexedRows rows) {
    int count = rows.rowCount();
    StringColumn pages = (StringColumn) rows.column("page");
    int[] ids = new int[count];
    pages.readIds(0, count, ids);
    long[] events = new long[count];
    ((LongColumn) rows.column("events")).read(0, count, events);
    byte[][] users = sketches(rows, "users");
    byte[][] userSets = sketches(rows, "userSet");
    byte[][] latencies = sketches(rows, "latency");
    byte[][] uniques = sketches(rows, "unique");
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      lines.add(
          "%s: events %d, users %s, userSet %s, unique %s, latency %s"
              .formatted(
                  pages.value(ids[row]),
                  events[row],
                  users[row] == null ? null : rounded(HllSketches.estimate(users[row])),
                  userSets[row] == null ? null : rounded(ThetaSketches.estimate(userSets[row])),
                  uniques[row] == null ? null : rounded(HllSketches.estimate(uniques[row])),
                  latencies[row] == null
                      ? null
                      : QuantilesSketches.count(latencies[row])
                          + " "
                          + Arrays.toString(
                              QuantilesSketches.quantiles(
                                  latencies[row], new double[] {0, 0.5, 1}))));
    }
    return lines;
  }

  private static String rounded(double estimate) {
    return String.format(Locale.ROOT, "%.6f", estimate);
  }

  private static byte[][] sketches(IndexedRows rows, String column) {
    byte[][] sketches = new byte[rows.rowCount()][];
    ((BytesColumn) rows.column(column)).read(0, sketches.length, sketches);
    return sketches;
  }
}
