package io.starfire.segment.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.segment.json.JsonPath;
import io.starfire.segment.json.JsonReads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The columns of the paths of nested values in a segment say what the values say. */
class PathColumnsTest {
  private static final Interval DAY = Interval.parse("2026-11-20/P1D");

  @TempDir private Path directory;

  private static DataSourceSchema schema(boolean rollup) {
    return new DataSourceSchema(
        "d",
        List.of(
            new DimensionSpec("g", ColumnType.STRING),
            DimensionSpec.ofJson("doc"),
            DimensionSpec.ofJson("more")),
        List.of(new MetricSpec("n", MetricSpec.Aggregation.COUNT)),
        Granularity.DAY,
        Granularity.MINUTE,
        rollup);
  }

  private Path segment(String name, boolean rollup, List<String> documents) {
    IncrementalIndex index = new IncrementalIndex(schema(rollup));
    for (int i = 0; i < documents.size(); i++) {
      Object[] dimensions = {
        "g" + i % 3, documents.get(i), i % 2 == 0 ? "{\"x\":" + i + "}" : null
      };
      index.add(new DataRow(DAY.startMillis() + i * 1_000L, dimensions, new long[1], null));
    }
    Path file = directory.resolve(name);
    SegmentWriter.write(index.sortedSnapshot(), DAY, file);
    return file;
  }

  private static String document(Random random, int i) {
    return switch (random.nextInt(8)) {
      case 0 -> null;
      case 1 -> "{\"long\":%d,\"mixed\":%d}".formatted(random.nextLong(), i);
      case 2 -> "{\"long\":%d,\"double\":%s}".formatted(i, (double) random.nextInt(1000) / 4);
      case 3 -> "{\"double\":%s,\"mixed\":\"t%d\"}".formatted(random.nextGaussian(), i % 50);
      case 4 ->
          "{\"in\":{\"text\":\"ä%d\",\"null\":null,\"list\":[1,{\"a\":2}]}}".formatted(i % 10);
      case 5 -> "{\"in\":\"scalar\",\"flag\":%s,\"digits\":1.50}".formatted(random.nextBoolean());
      case 6 -> "{\"long\":%d,\"a b\":{\"c.d\":\"%d\"}}".formatted(-i, i % 4);
      default -> "%d".formatted(random.nextInt(5));
    };
  }

  @Test
  void eachColumnHasWhatIsAtItsPath() {
    Random random = new Random(20_261_128);
    List<String> documents = new ArrayList<>();
    // More than a block.
    for (int i = 0; i < 9_000; i++) {
      documents.add(document(random, i));
    }
    for (boolean rollup : List.of(false, true)) {
      Path file = segment("s" + rollup, rollup, documents.subList(0, rollup ? 1_000 : 9_000));
      assertThat(SegmentCheck.check(file).problems()).isEmpty();
      try (SegmentReader reader = SegmentReader.open(file)) {
        check(reader);
      }
      // What is merged has columns of its own.
      try (SegmentReader one = SegmentReader.open(file);
          SegmentReader other =
              SegmentReader.open(segment("t" + rollup, rollup, documents.subList(5, 500)))) {
        Path merged = directory.resolve("m" + rollup);
        SegmentMerger.merge(schema(rollup), DAY, List.of(one, other), merged);
        assertThat(SegmentCheck.check(merged).problems()).isEmpty();
        try (SegmentReader reader = SegmentReader.open(merged)) {
          check(reader);
        }
      }
    }
  }

  private static void check(SegmentReader reader) {
    assertThat(reader.columnNames()).containsExactly("__time", "g", "doc", "more", "n");
    assertThat(((StringColumn) reader.column("doc")).isJson()).isTrue();
    assertThat(((StringColumn) reader.column("g")).isJson()).isFalse();
    check(reader, "$", LongColumn.class);
    check(reader, "$.long", LongColumn.class);
    check(reader, "$.double", DoubleColumn.class);
    check(reader, "$.mixed", StringColumn.class);
    check(reader, "$.in", StringColumn.class);
    check(reader, "$.in.text", StringColumn.class);
    check(reader, "$.flag", StringColumn.class);
    check(reader, "$.digits", StringColumn.class);
    check(reader, "$['a b']['c.d']", LongColumn.class);
    for (String none : List.of("$.in.list", "$.in.list[0]", "$.in.null", "$.x", "$.in.list[1].a")) {
      assertThat(reader.column(JsonPath.parse(none, true).columnName("doc"))).as(none).isNull();
    }
    assertThat(reader.column(JsonPath.parse("$.x", true).columnName("more")))
        .isInstanceOf(LongColumn.class);
  }

  private static void check(SegmentReader reader, String path, Class<? extends Column> type) {
    JsonPath parsed = JsonPath.parse(path, true);
    Column column = reader.column(parsed.columnName("doc"));
    assertThat(column).as(path).isInstanceOf(type);
    StringColumn documents = (StringColumn) reader.column("doc");
    int[] id = new int[1];
    for (int row = 0; row < reader.rowCount(); row++) {
      documents.readIds(row, 1, id);
      String document = documents.value(id[0]);
      JsonReads.Found found = document == null ? null : JsonReads.find(document, parsed);
      String expected = found == null || !found.kind().isScalar() ? null : found.text();
      String actual = text(column, row);
      if (expected == null ? actual != null : !expected.equals(actual)) {
        assertThat(actual).as("%s of %s in row %d", path, document, row).isEqualTo(expected);
      }
    }
  }

  static String text(Column column, int row) {
    boolean[] isNull = new boolean[1];
    if (column instanceof LongColumn longs) {
      long[] value = new long[1];
      longs.read(row, 1, value);
      longs.readNulls(row, 1, isNull);
      return isNull[0] ? null : Long.toString(value[0]);
    }
    if (column instanceof DoubleColumn doubles) {
      double[] value = new double[1];
      doubles.read(row, 1, value);
      doubles.readNulls(row, 1, isNull);
      return isNull[0] ? null : Double.toString(value[0]);
    }
    int[] id = new int[1];
    ((StringColumn) column).readIds(row, 1, id);
    return ((StringColumn) column).value(id[0]);
  }

  @Test
  void onlyThePathsOfMostValuesHaveColumns() {
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      documents.add("{\"often\":%d,\"k%d\":1,\"m%d\":2}".formatted(i, i, i % 120));
    }
    try (SegmentReader reader = SegmentReader.open(segment("many", false, documents))) {
      long columns = reader.pathColumns().stream().filter(name -> name.startsWith("doc")).count();
      assertThat(columns).isEqualTo(PathColumns.MAX_PATHS);
      assertThat(reader.column(JsonPath.parse("$.often", true).columnName("doc")))
          .isInstanceOf(LongColumn.class);
      assertThat(reader.column(JsonPath.parse("$.k7", true).columnName("doc"))).isNull();
    }
  }

  @Test
  void thePathWithTheMostTextHasNoColumnWhereThereIsTooMuch() {
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      documents.add(
          "{\"short\":%d,\"long\":\"%s%d\",\"half\":\"%d\"}"
              .formatted(i % 3, "x".repeat(100), i, i % 100));
    }
    DataSourceSchema schema = schema(false);
    List<ColumnDirectory> columns = Metadata.columnsOf(schema);
    try (SegmentReader reader = SegmentReader.open(segment("long", false, documents));
        SegmentOutput output = new SegmentOutput(directory.resolve("paths"))) {
      RowLayout layout = new RowLayout(schema, new boolean[3]);
      ColumnBlocks blocks = new ColumnBlocks(layout, columns, output);
      StringColumn column = (StringColumn) reader.column("doc");
      PathColumns paths =
          new PathColumns(columns.get(2), column, reader.rowCount(), blocks, output, 20_000);
      assertThat(paths.write())
          .extracting(written -> written.column().name.replace('\0', ' '))
          .containsExactly("doc $.half", "doc $.short");
    }
  }

  @Test
  void aSegmentWithoutRowsOrWithoutValuesHasNoColumnsOfPaths() {
    for (List<String> documents : List.of(List.<String>of(), Arrays.<String>asList(null, null))) {
      Path file = segment("none" + documents.size(), false, documents);
      assertThat(SegmentCheck.check(file).problems()).isEmpty();
      try (SegmentReader reader = SegmentReader.open(file)) {
        assertThat(reader.pathColumns()).noneMatch(name -> name.startsWith("doc"));
      }
    }
  }
}
