package io.starfire.serving.query.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.format.SegmentWriter;
import io.starfire.segment.format.WrittenSegment;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.result.ResultBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A segment of several blocks, whose summaries decide much, answers as the live rows that it was
 * made from, of which nothing is known. Numbers are such that sums of doubles are exact.
 */
class BlockSummariesQueryTest {
  private static final Interval HOUR = Interval.parse("2026-11-20T10/PT1H");
  private static final int ROWS = 20_000;

  private static final String AGGREGATIONS =
      """
      [{'type':'count','name':'rows'},
       {'type':'longSum','name':'clicks','fieldName':'clicks'},
       {'type':'longMin','name':'fewest','fieldName':'clicks'},
       {'type':'longMax','name':'most','fieldName':'price'},
       {'type':'doubleSum','name':'price','fieldName':'price'},
       {'type':'doubleSum','name':'clicks as doubles','fieldName':'clicks'},
       {'type':'doubleMean','name':'mean','fieldName':'price'},
       {'type':'doubleMin','name':'cheapest','fieldName':'price'},
       {'type':'doubleMax','name':'dearest','fieldName':'clicks'},
       {'type':'doubleSum','name':'wild','fieldName':'wild'},
       {'type':'doubleMax','name':'wildest','fieldName':'wild'},
       {'type':'longSum','name':'nothing','fieldName':'absent'},
       {'type':'filtered','name':'some',
        'filter':{'type':'bound','dimension':'clicks','lower':'40','ordering':'numeric'},
        'aggregator':{'type':'doubleSum','name':'some','fieldName':'price'}}]\
      """;

  private static final List<String> FILTERS =
      List.of(
          "null",
          "{'type':'bound','dimension':'rank','upper':'8000','ordering':'numeric'}",
          "{'type':'bound','dimension':'rank','lower':'8192','upper':'16384','upperStrict':true,'ordering':'numeric'}",
          "{'type':'bound','dimension':'half','lower':'9000.5','lowerStrict':true,'ordering':'numeric'}",
          "{'type':'bound','dimension':'clicks','lower':'1000','ordering':'numeric'}",
          "{'type':'not','field':{'type':'bound','dimension':'clicks','upper':'1000','ordering':'numeric'}}",
          "{'type':'selector','dimension':'clicks','value':null}",
          "{'type':'in','dimension':'rank','values':['3','17000']}",
          "{'type':'selector','dimension':'block','value':'1'}",
          "{'type':'or','fields':[{'type':'like','dimension':'part','pattern':'part-1%'},{'type':'bound','dimension':'rank','upper':'10','ordering':'numeric'}]}",
          "{'type':'not','field':{'type':'and','fields':[{'type':'bound','dimension':'rank','lower':'5000','ordering':'numeric'},{'type':'selector','dimension':'half','value':'NaN'}]}}");

  private final Random random = new Random(20_261_128);

  @TempDir private Path directory;

  @Test
  void segmentsAndLiveRowsGiveTheSameAnswers() throws IOException {
    IncrementalIndex index = index();
    try (IndexedRows live = index.snapshot();
        SegmentReader segment = segment(index)) {
      for (String filter : FILTERS) {
        for (String granularity : List.of("all", "minute", "five_minute")) {
          String interval = random.nextBoolean() ? "2026-11-20T10/PT1H" : interval();
          check(query("timeseries", granularity, interval, filter, ""), live, segment);
          check(
              query("groupBy", granularity, interval, filter, ",'dimensions':['block']"),
              live,
              segment);
        }
      }
      for (int i = 0; i < 20; i++) {
        check(query("timeseries", "minute", interval(), "null", ""), live, segment);
      }
    }
  }

  private String interval() {
    long start = HOUR.startMillis() + random.nextInt(3_600_000);
    return new Interval(start, start + 1 + random.nextInt((int) (HOUR.endMillis() - start)))
        .toString();
  }

  private static String query(
      String type, String granularity, String interval, String filter, String more) {
    return """
    {'queryType':'%s','dataSource':'events','intervals':'%s','granularity':'%s','filter':%s,
     'aggregations':%s%s}
    """
        .formatted(type, interval, granularity, filter, AGGREGATIONS, more)
        .replace('\'', '"');
  }

  private static void check(String json, RowSet live, RowSet segment) throws IOException {
    assertThat(answer(json, segment)).as(json).isEqualTo(answer(json, live));
  }

  private static String answer(String json, RowSet rows) throws IOException {
    AggregateQuery query =
        (AggregateQuery) QueryParser.parse(json.getBytes(StandardCharsets.UTF_8));
    QueryControl control =
        QueryControl.start(InstantSource.system(), QueryLimits.DEFAULT, QueryContext.EMPTY);
    Partial partial = QueryEngine.scan(query, rows, Interval.ETERNITY, control);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ResultBuilder.finish(query, partial, control).writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private IncrementalIndex index() {
    DataSourceSchema schema =
        new DataSourceSchema(
            "events",
            List.of(
                new DimensionSpec("block", ColumnType.STRING),
                new DimensionSpec("part", ColumnType.STRING),
                new DimensionSpec("rank", ColumnType.LONG),
                new DimensionSpec("half", ColumnType.DOUBLE)),
            List.of(
                new MetricSpec("clicks", Aggregation.LONG_SUM),
                new MetricSpec("price", Aggregation.DOUBLE_SUM),
                new MetricSpec("wild", Aggregation.DOUBLE_SUM)),
            Granularity.HOUR,
            Granularity.NONE,
            false);
    IncrementalIndex index = new IncrementalIndex(schema);
    for (int i = 0; i < ROWS; i++) {
      boolean last = i >= 16_384;
      Object[] dimensions = {
        Integer.toString(i / 8_192),
        "part-" + (i / 1_000 * 5 + random.nextInt(5)),
        (long) i,
        i % 50 == 0 ? null : (Object) (i / 2.0)
      };
      long[] metrics = {
        random.nextInt(100),
        Double.doubleToRawLongBits((last ? 1 : 0.25) * (random.nextInt(4_000) - 1_000)),
        Double.doubleToRawLongBits(last && i % 999 == 0 ? Double.NaN : i * 0x1p-40)
      };
      // In the first block every row has clicks, in the second some, in the third none.
      boolean none = last || (i >= 8_192 && random.nextInt(3) == 0);
      index.add(
          new DataRow(
              HOUR.startMillis() + i * 180L,
              dimensions,
              metrics,
              new boolean[] {none, i % 11 == 0 && i < 8_192, false}));
    }
    return index;
  }

  private SegmentReader segment(IncrementalIndex index) {
    Path file = directory.resolve("events.segment");
    try (IndexedRows sorted = index.sortedSnapshot()) {
      WrittenSegment unused = SegmentWriter.write(sorted, HOUR, file);
    }
    return SegmentReader.open(file);
  }
}
