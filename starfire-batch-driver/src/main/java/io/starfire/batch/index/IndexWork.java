package io.starfire.batch.index;

import io.starfire.batch.Published;
import io.starfire.batch.base.Progress;
import io.starfire.batch.job.ShardFile;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.RowTimes;
import io.starfire.segment.ingest.DimensionCatalog;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Makes segment files on the local disk from input files, and reports progress. One thread. */
final class IndexWork {
  private static final long PROGRESS_MILLIS = 5_000;

  /** The part of the heap that rows and texts may fill. Sorting and merging need more. */
  private static final int HEAP_PARTS = 2;

  /** Defaults of the spec, as in Druid. */
  private static final int DEFAULT_ROWS_IN_MEMORY = 1_000_000;

  private static final int DEFAULT_ROWS_PER_SEGMENT = 5_000_000;

  /** A limit for broken input: nobody wants more. */
  private static final int MAX_DIMENSIONS = 1_000;

  private static final int MAX_WRITERS = 2;
  private static final long END_SECONDS = 15;

  private final IndexSpec spec;
  private final InputFiles input;
  private final Path directory;
  private final InstantSource clock;
  private final Progress progress;
  private final FileRows.Bounds bounds;

  /** Has all dimensions after the first pass, so that the second pass takes the same rows. */
  private final DimensionCatalog catalog;

  private FileRows rows;
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private long indexed;
  private int spills;

  IndexWork(
      IndexSpec spec,
      InputFiles input,
      Path directory,
      RowTimes times,
      InstantSource clock,
      Progress progress) {
    this.spec = spec;
    this.input = input;
    this.directory = directory;
    this.clock = clock;
    this.progress = progress;
    DataSourceSchema schema = spec.rows().schema();
    this.catalog =
        new DimensionCatalog(schema, Math.max(MAX_DIMENSIONS, schema.dimensions().size()));
    this.bounds =
        new FileRows.Bounds(spec.intervals(), schema.segmentGranularity(), times, clock.millis());
    spec.requireOver(bounds.nowMillis());
  }

  /** The schema of the segments; complete after {@link #findDimensions()}. */
  DataSourceSchema schema() {
    return catalog.schema();
  }

  /**
   * Finds the dimensions in a first pass if the spec does not name them, so that all segments have
   * the same ones.
   */
  void findDimensions() {
    if (spec.rows().discovery().isEmpty()) {
      return;
    }
    progress.line("reading the input once to find its dimensions");
    timed(
        "find dimensions",
        () -> {
          try (RowBatches batches = new RowBatches(source())) {
            while (!batches.next().isEmpty()) {
              // The catalog takes note of what is in them.
            }
          }
          return null;
        });
    progress.line(
        "%d dimensions: %s"
            .formatted(
                schema().dimensions().size(),
                schema().dimensions().stream()
                    .map(DimensionSpec::name)
                    .collect(Collectors.joining(", "))));
  }

  private FileRows source() {
    return new FileRows(
        input,
        spec.rows(),
        catalog,
        bounds,
        spec.tuning().maxParseExceptions().orElse(Integer.MAX_VALUE));
  }

  /** Reads all rows and writes all segments. */
  List<ShardFile> build() {
    progress.line(
        String.format(
            Locale.ROOT, "reading %d files, %,d bytes", input.files().size(), input.bytes()));
    rows = source();
    try (OpenShards shards = new OpenShards(schema(), limits(), directory)) {
      timed("read and index", () -> read(shards));
      spills = shards.spills();
      requireRows();
      return timed("write segments", () -> finish(shards.shards()));
    }
  }

  /** Runs a phase and notes how long it took. */
  <T> T timed(String phase, Supplier<T> work) {
    long startMillis = clock.millis();
    T result = work.get();
    seconds.put(phase, (clock.millis() - startMillis) / 1000.0);
    return result;
  }

  /** The same without a result. */
  void timed(String phase, Runnable work) {
    Void unused =
        timed(
            phase,
            () -> {
              work.run();
              return null;
            });
  }

  /**
   * @param published null after a dry run
   */
  IndexReport report(List<Interval> intervals, List<ShardFile> shards, Published published) {
    Map<String, Long> rejected = new LinkedHashMap<>();
    Map<String, List<String>> first = new TreeMap<>();
    rows.rejections().counts().forEach((kind, count) -> rejected.put(kind.label(), count));
    rows.rejections()
        .first()
        .forEach(
            (kind, kept) ->
                first.put(kind.label(), kept.stream().map(Rejections.Rejection::toText).toList()));
    return new IndexReport(
        schema().name(),
        intervals,
        input.files().stream().map(Path::toString).toList(),
        indexed,
        rejected,
        first,
        spills,
        shards.size(),
        shards.stream().mapToLong(ShardFile::sizeBytes).sum(),
        seconds,
        published);
  }

  private OpenShards.Limits limits() {
    long heapPart = Runtime.getRuntime().maxMemory() / HEAP_PARTS;
    return new OpenShards.Limits(
        spec.tuning().maxRowsInMemory().orElse(DEFAULT_ROWS_IN_MEMORY),
        Math.min(spec.tuning().maxBytesInMemory().orElse(heapPart), heapPart),
        spec.tuning().maxRowsPerSegment().orElse(DEFAULT_ROWS_PER_SEGMENT));
  }

  private Void read(OpenShards shards) {
    long startMillis = clock.millis();
    long shownMillis = startMillis;
    try (RowBatches batches = new RowBatches(rows)) {
      for (List<DataRow> batch = batches.next(); !batch.isEmpty(); batch = batches.next()) {
        shards.addAll(batch);
        indexed += batch.size();
        long now = clock.millis();
        if (now - shownMillis >= PROGRESS_MILLIS) {
          shownMillis = now;
          show(now - startMillis);
        }
      }
      show(Math.max(1, clock.millis() - startMillis));
    }
    return null;
  }

  private void show(long tookMillis) {
    progress.line(
        String.format(
            Locale.ROOT,
            "%,d rows indexed, %,d rows/s, %.0f%% of the input read",
            indexed,
            indexed * 1000 / tookMillis,
            100.0 * rows.bytesRead() / Math.max(1, input.bytes())));
  }

  private void requireRows() {
    if (indexed > 0) {
      return;
    }
    String why =
        rows.rejections().first().values().stream()
            .flatMap(List::stream)
            .findFirst()
            .map(
                first ->
                    "the first of %,d that were left out: %s"
                        .formatted(rows.rejections().total(), first.toText()))
            .orElse("the files are empty");
    throw new StarfireException(
        ErrorCode.INCOMPLETE_INPUT,
        "no row of %s could be indexed, and nothing was published; %s"
            .formatted(input.files().get(0), why));
  }

  private List<ShardFile> finish(List<OpenShards.Shard> shards) {
    int writers = Math.min(MAX_WRITERS, Runtime.getRuntime().availableProcessors());
    ExecutorService pool = Executors.newFixedThreadPool(writers);
    try {
      List<Future<ShardFile>> pending = new ArrayList<>();
      for (OpenShards.Shard shard : shards) {
        pending.add(pool.submit(shard::finish));
      }
      List<ShardFile> written = new ArrayList<>();
      for (Future<ShardFile> future : pending) {
        ShardFile file = Waits.result(future);
        written.add(file);
        progress.line(
            String.format(
                Locale.ROOT,
                "segment %d of %d written: %,d rows, %,d bytes",
                written.size(),
                pending.size(),
                file.rowCount(),
                file.sizeBytes()));
      }
      return written;
    } finally {
      end(pool);
    }
  }

  /** Waits until no thread writes, so that no file appears after the files are deleted. */
  private static void end(ExecutorService pool) {
    pool.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      boolean unused = pool.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
