package io.starfire.serving.query.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.format.SegmentWriter;
import io.starfire.segment.format.WrittenSegment;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.model.TimeseriesQuery;
import io.starfire.serving.query.sample.Answers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes and scans of rows choose the same rows, and the cheaper of the two is taken. */
class SelectionTest {
  private static final Interval DAY = Interval.parse("2026-11-20/P1D");
  private static final Interval MINUTE = Interval.parse("2026-11-20T12/PT1M");
  private static final int ROWS = 20_000;
  private static final String RARE = "{'type':'selector','dimension':'order','value':'o77'}";
  private static final String HALF_OF_RARE =
      "{'type':'bound','dimension':'order','lower':'o5','ordering':'lexicographic'}";
  private static final String FREQUENT = "{'type':'selector','dimension':'flag','value':'f1'}";
  private static final String PRICE =
      "{'type':'bound','dimension':'price','lower':'90','ordering':'numeric'}";
  private static final String NOT_FREQUENT = "{'type':'not','field':" + FREQUENT + "}";

  @TempDir private static Path directory;
  private static SegmentReader segment;

  @BeforeAll
  static void write() {
    IncrementalIndex index =
        new IncrementalIndex(
            new DataSourceSchema(
                "sales",
                List.of(
                    new DimensionSpec("order", ColumnType.STRING),
                    new DimensionSpec("flag", ColumnType.STRING)),
                List.of(new MetricSpec("price", MetricSpec.Aggregation.LONG_SUM)),
                Granularity.DAY,
                Granularity.NONE,
                false));
    Random random = new Random(4);
    for (int i = 0; i < ROWS; i++) {
      Object[] values = {
        "o" + random.nextInt(10_000), random.nextInt(9) == 0 ? null : "f" + random.nextInt(3)
      };
      boolean unused =
          index.add(
              new DataRow(
                  DAY.startMillis() + random.nextInt(86_400_000),
                  values,
                  new long[] {random.nextInt(100)},
                  new boolean[] {false}));
    }
    Path file = directory.resolve("segment");
    try (IndexedRows sorted = index.sortedSnapshot()) {
      WrittenSegment unused = SegmentWriter.write(sorted, DAY, file);
    }
    segment = SegmentReader.open(file);
  }

  @AfterAll
  static void close() {
    segment.close();
  }

  @Test
  void bothWaysChooseTheSameRows() {
    List<String> filters =
        List.of(
            RARE,
            HALF_OF_RARE,
            FREQUENT,
            NOT_FREQUENT,
            PRICE,
            "{'type':'and','fields':[%s,%s,%s]}".formatted(HALF_OF_RARE, FREQUENT, PRICE),
            "{'type':'or','fields':[%s,%s]}".formatted(RARE, NOT_FREQUENT));
    for (String filter : filters) {
      for (Interval interval : List.of(DAY, MINUTE, Interval.parse("2026-11-20T03/PT5H"))) {
        List<Integer> expected = scanned(filter, interval);
        assertThat(chosen(filter, interval)).as("%s in %s", filter, interval).isEqualTo(expected);
      }
    }
  }

  @Test
  void rowsOfRareValuesAreTakenFromTheIndexUnlessFewerAreLookedAt() {
    assertThat(isIndexed(RARE, ROWS)).isTrue();
    assertThat(isIndexed(RARE, 10)).as("ten rows are looked at at once").isTrue();
    assertThat(isIndexed(RARE, 0)).isFalse();
    assertThat(isIndexed(HALF_OF_RARE, ROWS)).isTrue();
    assertThat(isIndexed(HALF_OF_RARE, ROWS / 10)).isFalse();
    assertThat(isIndexed(PRICE, ROWS)).as("numbers have no index").isFalse();
  }

  @Test
  void bitmapsOfFrequentValuesAreCheapWhateverTheirRows() {
    assertThat(isIndexed(FREQUENT, ROWS)).isTrue();
    assertThat(isIndexed(FREQUENT, ROWS / 50)).isTrue();
    assertThat(isIndexed(NOT_FREQUENT, ROWS / 25)).as("nulls are left out too").isTrue();
    assertThat(isIndexed(FREQUENT, ROWS / 100)).isFalse();
  }

  @Test
  void eachPartOfAnAndIsAnsweredInItsOwnWay() {
    Filter all =
        filter("{'type':'and','fields':[%s,%s,%s]}".formatted(HALF_OF_RARE, FREQUENT, PRICE));
    Selection day = Selection.of(filters(new SharedRows()), all, ROWS);
    assertThat(day.rows()).isNotNull();
    assertThat(day.further()).containsExactly(filter(PRICE));
    Selection hour = Selection.of(filters(new SharedRows()), all, ROWS / 24);
    assertThat(hour.rows()).isNotNull();
    assertThat(hour.further()).containsExactly(filter(HALF_OF_RARE), filter(PRICE));
  }

  @Test
  void whatAFilterSaysOfARowSetIsFoundOutOnceForAllOfItsParts() {
    SharedRows shared = new SharedRows();
    Filter rare = filter(RARE);
    Selection first = filters(shared).selection(rare, ROWS);
    assertThat(filters(shared).selection(rare, ROWS)).isSameAs(first);
    assertThat(filters(new SharedRows()).selection(rare, ROWS)).isNotSameAs(first);
  }

  private static boolean isIndexed(String filter, long scanned) {
    return Selection.of(filters(new SharedRows()), filter(filter), scanned).rows() != null;
  }

  private static FilterCompiler filters(SharedRows shared) {
    return new FilterCompiler(
        segment,
        shared,
        QueryControl.start(InstantSource.system(), QueryLimits.DEFAULT, QueryContext.EMPTY));
  }

  private static Filter filter(String json) {
    TimeseriesQuery query =
        (TimeseriesQuery)
            Answers.parse(
                """
                {'queryType':'timeseries','dataSource':'sales','intervals':'2026-11-20/P1D',
                 'granularity':'all','aggregations':[{'type':'count','name':'rows'}],'filter':%s}
                """
                    .formatted(json));
    return query.filter();
  }

  private static List<Integer> chosen(String filter, Interval interval) {
    RowSelector selector =
        new RowSelector(filters(new SharedRows()), filter(filter), List.of(interval));
    List<Integer> rows = new ArrayList<>();
    int[] out = new int[RowSet.BLOCK_ROWS];
    for (RowSelector.Range range : selector.ranges()) {
      // Blocks of odd lengths, some of which are left out.
      for (int from = range.from(); from < range.to(); from += 700) {
        int count = Math.min(700, range.to() - from);
        if (from / 700 % 5 != 3) {
          int found = selector.select(from, count, out);
          for (int i = 0; i < found; i++) {
            rows.add(from + out[i]);
          }
        }
      }
    }
    return rows;
  }

  /** The same, by a look at each row. */
  private static List<Integer> scanned(String filter, Interval interval) {
    RowSelector.Range range =
        new RowSelector(filters(new SharedRows()), null, List.of(interval)).ranges().get(0);
    RowMatcher matcher = filters(new SharedRows()).compile(filter(filter));
    boolean[] matched = new boolean[1];
    List<Integer> rows = new ArrayList<>();
    for (int from = range.from(); from < range.to(); from += 700) {
      for (int row = from; row < Math.min(from + 700, range.to()); row++) {
        if (from / 700 % 5 != 3) {
          matcher.match(row, 1, false, matched);
          if (matched[0]) {
            rows.add(row);
          }
        }
      }
    }
    return rows;
  }
}
