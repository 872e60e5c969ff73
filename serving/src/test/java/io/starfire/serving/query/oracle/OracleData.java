package io.starfire.serving.query.oracle;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.event.DataRow;
import io.starfire.event.MetricSpec;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.format.SegmentMerger;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.format.SegmentWriter;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.sample.SampleRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random rows, as plain values after rollup, and the same in row sets of all kinds: live, a sorted
 * snapshot, a persisted piece or segment, and one that was merged from several; each visible in a
 * part of its time only, now and then.
 */
final class OracleData implements AutoCloseable {
  /** Around the days on which daylight saving begins and ends in Los Angeles, and another. */
  private static final List<Long> STARTS =
      List.of(
          Times.parse("2026-03-08T08:15Z"),
          Times.parse("2026-11-01T07:20Z"),
          Times.parse("2026-11-20T10:00Z"));

  private static final long HOUR = 3_600_000;
  private static final String[] TEXTS = {
    "",
    "a",
    "b",
    "ab",
    "abc",
    "10",
    "9",
    "2.5",
    "a2",
    "a10",
    "%",
    "a_b",
    "\\",
    "ä",
    "\uFF5E",
    "\uD83D\uDE00",
    "x\ny",
    null
  };
  private static final String[] DOCUMENTS = {
    null,
    "{}",
    "{\"a\":1,\"b\":{\"c\":\"x\"}}",
    "{\"a\":2,\"b\":{\"c\":\"\u00e4\",\"d\":[1,\"b\",{\"e\":4}]}}",
    "{\"a\":-3,\"b\":7}",
    "{\"a\":2.50,\"b\":{\"c\":null,\"d\":[]}}",
    "{\"a\":\"10\",\"b\":{\"c\":true}}",
    "{\"a\":9223372036854775807,\"b\":{\"c\":\"a\"}}",
    "{\"a\":{\"a\":1},\"b\":{\"c\":1.5}}"
  };
  private static final long[] BIG = {
    Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, 1L << 53, Long.MAX_VALUE - 1, Long.MAX_VALUE
  };
  private static final double[] WILD = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -0.0
  };

  /** A row set, where it is visible, and all that is stored in it. */
  record Visible(RowSet rows, List<Interval> clips, List<SampleRow> stored) {}

  private final Random random;
  private final Path directory;
  private final OracleSchema schema;
  private final Interval span;
  private final List<SampleRow> rows = new ArrayList<>();
  private final List<Visible> rowSets = new ArrayList<>();
  private int files;

  /**
   * Makes one to four row sets of up to {@code maxRows} rows each.
   *
   * @param directory for files, of this object alone
   */
  OracleData(Random random, Path directory, int maxRows) {
    this.random = random;
    this.directory = directory;
    this.schema = OracleSchema.random(random);
    long start = STARTS.get(random.nextInt(STARTS.size()));
    this.span = new Interval(start, start + (random.nextBoolean() ? 3 * HOUR : 60 * HOUR));
    for (int i = random.nextInt(4); i >= 0; i--) {
      add(schema.part(random), random.nextInt(random.nextBoolean() ? maxRows : 20));
    }
  }

  OracleSchema schema() {
    return schema;
  }

  /** What the times of all rows lie in. */
  Interval span() {
    return span;
  }

  /** All rows that are visible. */
  List<SampleRow> rows() {
    return rows;
  }

  List<Visible> rowSets() {
    return rowSets;
  }

  /** The row sets under names. */
  List<RowSource> sources() {
    List<RowSource> sources = new ArrayList<>();
    for (Visible visible : rowSets) {
      String id = "rows-" + sources.size();
      sources.add(new RowSource(id, wholeSpan(), visible.rows, visible.clips));
    }
    return sources;
  }

  private void add(OracleSchema part, int count) {
    List<SampleRow> raw = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      raw.add(row(part));
    }
    List<Interval> clips = clips();
    List<SampleRow> stored = stored(part, raw);
    rowSets.add(new Visible(rowSet(part, raw), clips, stored));
    for (SampleRow row : stored) {
      if (clips.stream().anyMatch(clip -> clip.contains(row.timeMillis()))) {
        rows.add(row);
      }
    }
  }

  private List<Interval> clips() {
    if (random.nextInt(3) != 0) {
      return List.of(Interval.ETERNITY);
    }
    long middle = span.startMillis() + random.nextLong(span.lengthMillis());
    Interval late = new Interval(middle, Times.END_MILLIS);
    return random.nextBoolean()
        ? List.of(late)
        : List.of(new Interval(0, middle - span.lengthMillis() / 8), late);
  }

  private SampleRow row(OracleSchema part) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (OracleSchema.Column column : part.columns()) {
      values.put(
          column.name(),
          column.name().equals(OracleSchema.NESTED)
              ? DOCUMENTS[random.nextInt(DOCUMENTS.length)]
              : value(column.content()));
    }
    return new SampleRow(span.startMillis() + random.nextLong(span.lengthMillis()), values);
  }

  private Object value(OracleSchema.Content content) {
    if (random.nextInt(6) == 0) {
      return null;
    }
    return switch (content) {
      case TEXT -> TEXTS[random.nextInt(TEXTS.length)];
      case TEXTS -> {
        List<String> texts = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          texts.add(TEXTS[random.nextInt(TEXTS.length)]);
        }
        yield texts;
      }
      case SMALL -> (long) (random.nextInt(20) - 5);
      case BIG -> BIG[random.nextInt(BIG.length)];
      case REAL -> (random.nextInt(4_000) - 500) / 64.0;
      case WILD ->
          random.nextBoolean()
              ? WILD[random.nextInt(WILD.length)]
              : (Double) ((random.nextInt(40) - 20) / 4.0);
    };
  }

  private RowSet rowSet(OracleSchema part, List<SampleRow> raw) {
    int kind = random.nextInt(4);
    if (kind == 3) {
      return merged(part, raw);
    }
    IncrementalIndex index = index(part, raw);
    return switch (kind) {
      case 0 -> index.snapshot();
      case 1 -> index.sortedSnapshot();
      default -> segment(index);
    };
  }

  private SegmentReader segment(IncrementalIndex index) {
    Path file = nextFile();
    try (IndexedRows sorted = index.sortedSnapshot()) {
      SegmentWriter.write(sorted, wholeSpan(), file);
    }
    return SegmentReader.open(file);
  }

  private RowSet merged(OracleSchema part, List<SampleRow> raw) {
    int cut = raw.isEmpty() ? 0 : random.nextInt(raw.size());
    try (SegmentReader first = segment(index(part, raw.subList(0, cut)));
        SegmentReader second = segment(index(part, raw.subList(cut, raw.size())))) {
      Path file = nextFile();
      SegmentMerger.merge(part.dataSource(), wholeSpan(), List.of(first, second), file);
      return SegmentReader.open(file);
    }
  }

  private Interval wholeSpan() {
    return Granularity.MONTH.align(span);
  }

  private Path nextFile() {
    return directory.resolve("piece-" + files++);
  }

  private static IncrementalIndex index(OracleSchema part, List<SampleRow> raw) {
    IncrementalIndex index = new IncrementalIndex(part.dataSource());
    List<OracleSchema.Column> metrics = part.metrics();
    for (SampleRow row : raw) {
      Object[] dimensions =
          part.dimensions().stream().map(column -> row.value(column.name())).toArray();
      long[] bits = new long[metrics.size()];
      boolean[] nulls = new boolean[metrics.size()];
      for (int i = 0; i < bits.length; i++) {
        Object value = row.value(metrics.get(i).name());
        nulls[i] = value == null;
        if (value != null) {
          bits[i] =
              value instanceof Long number ? number : Double.doubleToRawLongBits((Double) value);
        }
      }
      index.add(new DataRow(row.timeMillis(), dimensions, bits, nulls));
    }
    return index;
  }

  /** What is stored of raw rows: themselves, or what they roll up to. */
  private static List<SampleRow> stored(OracleSchema part, List<SampleRow> raw) {
    Map<Object, SampleRow> stored = new LinkedHashMap<>();
    for (SampleRow row : raw) {
      long time = part.rollup() ? row.timeMillis() / 60_000 * 60_000 : row.timeMillis();
      Map<String, Object> values = new LinkedHashMap<>();
      List<Object> key = new ArrayList<>(List.of(time));
      for (OracleSchema.Column column : part.dimensions()) {
        Object value = normal(row.value(column.name()));
        values.put(column.name(), value);
        key.add(value);
      }
      if (!part.rollup()) {
        key.add(stored.size());
      }
      SampleRow before = stored.get(key);
      for (OracleSchema.Column column : part.metrics()) {
        Object held = before == null ? null : before.value(column.name());
        values.put(column.name(), rolledUp(column.metric(), held, row.value(column.name())));
      }
      stored.put(key, new SampleRow(time, values));
    }
    return List.copyOf(stored.values());
  }

  private static Object normal(Object value) {
    if (value instanceof List<?> list && list.size() < 2) {
      return list.isEmpty() ? null : list.get(0);
    }
    return value instanceof Double real ? (Object) (real + 0.0) : value;
  }

  private static Object rolledUp(MetricSpec.Aggregation how, Object held, Object value) {
    if (how == MetricSpec.Aggregation.COUNT) {
      return held == null ? 1L : (Long) held + 1;
    }
    if (held == null || value == null) {
      return held == null ? value : held;
    }
    return switch (how) {
      case LONG_SUM -> (Object) ((Long) held + (Long) value);
      case LONG_MIN -> (Object) Math.min((Long) held, (Long) value);
      case LONG_MAX -> (Object) Math.max((Long) held, (Long) value);
      case DOUBLE_SUM -> (Object) ((Double) held + (Double) value);
      case DOUBLE_MIN -> (Object) Math.min((Double) held, (Double) value);
      default -> (Object) Math.max((Double) held, (Double) value);
    };
  }

  @Override
  public void close() {
    rowSets.forEach(visible -> visible.rows.close());
  }
}
