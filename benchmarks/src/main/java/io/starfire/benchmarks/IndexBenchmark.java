package io.starfire.benchmarks;

import io.starfire.common.Interval;
import io.starfire.event.DataRow;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.format.SegmentWriter;
import io.starfire.segment.format.WrittenSegment;
import io.starfire.segment.index.IncrementalIndex;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Rows indexed per second and core: rows of hours are added to an {@link IncrementalIndex}, sorted
 * and written as segment files, on one thread. Decoding the rows is not in the times.
 */
@Command(
    name = "index",
    description = "Rows indexed per second and core, and segment bytes per row.",
    mixinStandardHelpOptions = true)
final class IndexBenchmark implements Callable<Integer> {
  private static final double NANOS = 1e9;

  @Option(names = "--rows", defaultValue = "1000000", description = "Rows (${DEFAULT-VALUE}).")
  private int rows;

  @Option(names = "--seed", defaultValue = "42", description = "Of the data (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--rollup",
      description = "Roll rows up by minute, as the pipeline does; without, every row is kept.")
  private boolean rollup;

  @Option(names = "--rounds", defaultValue = "5", description = "Counted (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--warm-up", defaultValue = "2", description = "Not counted (${DEFAULT-VALUE}).")
  private int warmUp;

  @Spec private CommandSpec spec;

  private final Samples perSecond = new Samples();
  private final Samples perCpuSecond = new Samples();
  private final Samples addNanos = new Samples();
  private final Samples sortNanos = new Samples();
  private final Samples writeNanos = new Samples();
  private Round last;

  @Override
  public Integer call() throws IOException {
    AdRows data = AdRows.generate(seed, rows, rollup);
    try (WorkDirectory work = new WorkDirectory()) {
      for (int round = 0; round < warmUp + rounds; round++) {
        last = run(data, work.directory("round-" + round));
        if (round >= warmUp) {
          count(last, data.rows());
        }
      }
    }
    report(data);
    return 0;
  }

  private static Round run(AdRows data, Path directory) {
    Round round = new Round();
    for (Interval hour : data.hours()) {
      List<DataRow> decoded = data.decoded(hour);
      long cpuStart = threadCpuNanos();
      long start = System.nanoTime();
      IncrementalIndex index = new IncrementalIndex(data.schema());
      for (DataRow row : decoded) {
        boolean unused = index.add(row);
      }
      long added = System.nanoTime();
      try (IndexedRows sorted = index.sortedSnapshot()) {
        long sortedAt = System.nanoTime();
        WrittenSegment written =
            SegmentWriter.write(sorted, hour, directory.resolve(Long.toString(hour.startMillis())));
        long writtenAt = System.nanoTime();
        round.addNanos += added - start;
        round.sortNanos += sortedAt - added;
        round.writeNanos += writtenAt - sortedAt;
        round.bytes += written.sizeBytes();
        round.storedRows += written.rowCount();
      }
      round.cpuNanos += threadCpuNanos() - cpuStart;
    }
    return round;
  }

  private void count(Round round, long events) {
    long nanos = round.addNanos + round.sortNanos + round.writeNanos;
    perSecond.add(events / (nanos / NANOS));
    perCpuSecond.add(events / (round.cpuNanos / NANOS));
    addNanos.add((double) round.addNanos / events);
    sortNanos.add((double) round.sortNanos / events);
    writeNanos.add((double) round.writeNanos / events);
  }

  private void report(AdRows data) {
    Table table = new Table(spec.commandLine().getOut());
    table.row(
        "data",
        "%,d rows in %d hours, seed %d, rollup %s"
            .formatted(data.rows(), data.hours().size(), seed, rollup ? "by minute" : "off"));
    table.row("rows indexed per second, one thread", perSecond.summary(0));
    table.row("rows indexed per second of that thread's CPU time", perCpuSecond.summary(0));
    table.row("add, ns per row", addNanos.summary(0));
    table.row("sort, ns per row", sortNanos.summary(0));
    table.row("write, ns per row, forced to disk", writeNanos.summary(0));
    table.row("rows stored", "%,d".formatted(last.storedRows));
    table.row("segment bytes", "%,d".formatted(last.bytes));
    table.row(
        "segment bytes per row stored", "%.2f".formatted((double) last.bytes / last.storedRows));
    table.row("segment bytes per event", "%.2f".formatted((double) last.bytes / data.rows()));
    table.peakMemory();
  }

  /** Of this thread alone, so that a busy machine disturbs it less. */
  private static long threadCpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** What one round took. */
  private static final class Round {
    private long addNanos;
    private long sortNanos;
    private long writeNanos;
    private long cpuNanos;
    private long bytes;
    private long storedRows;
  }
}
