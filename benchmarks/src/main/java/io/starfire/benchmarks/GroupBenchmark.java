package io.starfire.benchmarks;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.format.SegmentBuilder;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.format.SpillLimits;
import io.starfire.segment.format.Unpacking;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.exec.GlobalIdCache;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.result.QueryResult;
import io.starfire.serving.query.result.ResultBuilder;
import io.starfire.serving.query.run.NodePiece;
import io.starfire.serving.query.run.ParallelScan;
import io.starfire.serving.query.run.PartialCache;
import io.starfire.serving.query.run.QueryResources;
import io.starfire.serving.query.run.QueryRun;
import io.starfire.serving.query.run.ScanPool;
import io.starfire.serving.query.run.SpillSpace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.zip.CRC32;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * CPU time and allocation of queries that make many groups, without HTTP and caches, over all
 * threads: the scan of each segment, the merge, the answer. Segments hold generated rows like those
 * of TPC-H's lineitem. The checksum of the answers shows whether two versions give the same.
 */
@Command(
    name = "groups",
    description = "CPU time of groupBy, topN and timeseries over segments, in process.",
    mixinStandardHelpOptions = true)
final class GroupBenchmark implements Callable<Integer> {
  private static final long GLOBAL_ID_BYTES = 64L << 20;
  private static final long START = Times.parse("2026-01-01");

  @Option(names = "--rows", defaultValue = "1000000", description = "Rows (${DEFAULT-VALUE}).")
  private int rows;

  @Option(names = "--segments", defaultValue = "4", description = "Of them (${DEFAULT-VALUE}).")
  private int segments;

  @Option(names = "--threads", defaultValue = "1", description = "That scan (${DEFAULT-VALUE}).")
  private int threads;

  @Option(names = "--seed", defaultValue = "42", description = "Of the data (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--rounds", defaultValue = "7", description = "Counted (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--warm-up", defaultValue = "5", description = "Not counted (${DEFAULT-VALUE}).")
  private int warmUp;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Table table = new Table(spec.commandLine().getOut());
    table.row("data", "%,d rows in %d segments, seed %d".formatted(rows, segments, seed));
    table.row("loop", Unpacking.chooseFaster(System::nanoTime, () -> {}).reason());
    try (WorkDirectory work = new WorkDirectory()) {
      List<SegmentReader> readers = write(work.directory("segments"));
      SpillSpace space = new SpillSpace(work.directory("spill"), 1L << 40, Long.MAX_VALUE);
      try (QueryResources resources =
          new QueryResources(
              new ScanPool(threads),
              space,
              new PartialCache(0),
              new GlobalIdCache(GLOBAL_ID_BYTES))) {
        for (Map.Entry<String, String> query : queries().entrySet()) {
          measure(query.getKey(), query.getValue(), readers, resources, table);
        }
      }
      readers.forEach(SegmentReader::close);
    }
    return 0;
  }

  private List<SegmentReader> write(Path directory) {
    DataSourceSchema schema =
        new DataSourceSchema(
            "lineitem",
            List.of(
                new DimensionSpec("part", ColumnType.STRING),
                new DimensionSpec("order", ColumnType.STRING),
                new DimensionSpec("day", ColumnType.STRING),
                new DimensionSpec("flag", ColumnType.STRING),
                new DimensionSpec("status", ColumnType.STRING)),
            List.of(
                new MetricSpec("quantity", MetricSpec.Aggregation.LONG_SUM),
                new MetricSpec("price", MetricSpec.Aggregation.DOUBLE_SUM)),
            Granularity.DAY,
            Granularity.NONE,
            false);
    Random random = new Random(seed);
    List<SegmentReader> readers = new ArrayList<>();
    for (int s = 0; s < segments; s++) {
      long day = START + s * Duration.ofDays(1).toMillis();
      Interval interval = new Interval(day, day + Duration.ofDays(1).toMillis());
      try (SegmentBuilder builder =
          new SegmentBuilder(schema, interval, SpillLimits.DEFAULT, directory)) {
        for (int i = 0; i < rows / segments; i++) {
          builder.add(row(interval.startMillis() + random.nextInt(86_400_000), random));
        }
        Path file = directory.resolve("segment-" + s);
        builder.finish(file);
        readers.add(SegmentReader.open(file));
      }
    }
    return readers;
  }

  private static DataRow row(long timeMillis, Random random) {
    Object[] dimensions = {
      Integer.toString(random.nextInt(200_000)),
      Integer.toString(random.nextInt(1_500_000)),
      "1995-%03d".formatted(random.nextInt(365)),
      "RAN".substring(random.nextInt(3)).substring(0, 1),
      random.nextBoolean() ? "O" : "F"
    };
    long price = Double.doubleToRawLongBits(random.nextInt(10_000_000) / 100.0);
    return new DataRow(
        timeMillis,
        dimensions,
        new long[] {1 + random.nextInt(50), price},
        new boolean[] {false, false});
  }

  private static Map<String, String> queries() {
    Map<String, String> queries = new LinkedHashMap<>();
    queries.put("timeseries, all", query("timeseries", "all", ""));
    queries.put("timeseries, by hour", query("timeseries", "hour", ""));
    queries.put("groupBy flag, status", query("groupBy", "all", ",'dimensions':['flag','status']"));
    queries.put("groupBy day, by hour", query("groupBy", "hour", ",'dimensions':['day']"));
    String top = ",'threshold':100,'metric':'quantity','dimension':";
    queries.put("top 100 days", query("topN", "all", top + "'day'"));
    queries.put("top 100 parts", query("topN", "all", top + "'part'"));
    String limit =
        ",'limitSpec':{'type':'default','limit':100,'columns':[{'dimension':'quantity','direction':'descending'}]}";
    queries.put("100 best of order", query("groupBy", "all", ",'dimensions':['order']" + limit));
    queries.put(
        "100 best of part, flag", query("groupBy", "all", ",'dimensions':['part','flag']" + limit));
    queries.put("all parts", query("groupBy", "all", ",'dimensions':['part']"));
    return queries;
  }

  private static String query(String type, String granularity, String more) {
    return """
    {'queryType':'%s','dataSource':'lineitem','intervals':'2026-01-01/P1Y','granularity':'%s',
     'aggregations':[{'type':'count','name':'rows'},
       {'type':'longSum','name':'quantity','fieldName':'quantity'},
       {'type':'doubleSum','name':'price','fieldName':'price'}]%s}
    """
        .formatted(type, granularity, more)
        .replace('\'', '"');
  }

  private void measure(
      String name, String json, List<SegmentReader> readers, QueryResources resources, Table table)
      throws IOException {
    AggregateQuery query =
        (AggregateQuery) QueryParser.parse(json.getBytes(StandardCharsets.UTF_8));
    Samples cpuMillis = new Samples();
    Samples millis = new Samples();
    Samples megabytes = new Samples();
    byte[] answer = {};
    for (int round = 0; round < warmUp + rounds; round++) {
      long allocated = allocatedBytes();
      long cpuStart = cpuNanos();
      long start = System.nanoTime();
      answer = answer(query, readers, resources);
      long nanos = System.nanoTime() - start;
      long cpu = cpuNanos() - cpuStart;
      long bytes = allocatedBytes() - allocated;
      if (round >= warmUp) {
        cpuMillis.add(cpu / 1e6);
        millis.add(nanos / 1e6);
        megabytes.add(bytes / 1e6);
      }
    }
    CRC32 checksum = new CRC32();
    checksum.update(answer);
    table.row(name + ", CPU ms", cpuMillis.summary(1));
    table.row(name + ", ms", millis.summary(1));
    table.row(
        name + ", MB allocated",
        megabytes.summary(1) + ", answer %08x".formatted(checksum.getValue()));
  }

  /** Over the threads that there are, the collector's not included. */
  private static long cpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getAllThreadIds())
        .map(threads::getThreadCpuTime)
        .filter(nanos -> nanos > 0)
        .sum();
  }

  private static long allocatedBytes() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
        .filter(bytes -> bytes > 0)
        .sum();
  }

  private static byte[] answer(
      AggregateQuery query, List<SegmentReader> readers, QueryResources resources)
      throws IOException {
    QueryControl control =
        QueryControl.start(
            InstantSource.system(),
            new QueryLimits(2L << 30, Duration.ofMinutes(5)),
            QueryContext.EMPTY);
    List<NodePiece> pieces = new ArrayList<>();
    for (SegmentReader rows : readers) {
      RowSource source =
          new RowSource("segment", rows.interval(), rows, List.of(Interval.ETERNITY));
      pieces.add(new NodePiece(source, true, e -> e));
    }
    QueryResult result;
    try (QueryRun run = new QueryRun(control, resources, QueryContext.EMPTY)) {
      Partial merged = ParallelScan.scan(query, pieces, true, run);
      result = ResultBuilder.finish(query, merged, control);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    result.writeTo(out);
    return out.toByteArray();
  }
}
