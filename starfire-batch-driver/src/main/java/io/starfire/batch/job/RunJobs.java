package io.starfire.batch.job;

import io.starfire.batch.base.Patience;
import io.starfire.batch.base.Progress;
import io.starfire.batch.input.RunInputs;
import io.starfire.common.Interval;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * All jobs of a run. A run over tiles computes each of them as a run of its own would, one after
 * the other, and deletes what lies between the jobs of a tile when the tile is done. For one run.
 */
public final class RunJobs {
  private final List<JobChain> tiles = new ArrayList<>();
  private final InstantSource clock;
  private final Progress progress;
  private final int atOnce;

  /**
   * Where a run puts its files.
   *
   * @param directory of the run, on the cluster's file system
   * @param segments on the file system of deep storage
   */
  public record Place(String directory, String segments) {}

  /**
   * Plans the jobs.
   *
   * @param settings of the whole run
   * @param tiles intervals that make up that of the run, in order
   * @param progress told of each job; called by several threads
   * @param patience says what a job waits for
   */
  public RunJobs(
      RunSettings settings,
      List<Interval> tiles,
      RunInputs inputs,
      Place place,
      Configuration configuration,
      InstantSource clock,
      Progress progress,
      Patience patience) {
    this.clock = clock;
    this.progress = progress;
    this.atOnce = settings.config().integer("starfire.batch.parallel-jobs", 1, 1_000);
    int jobs = PlannedJob.all(settings.plan()).size() * tiles.size();
    JobRunner runner = new JobRunner(configuration, jobs, clock, progress, patience);
    FinishedJobs finished = new FinishedJobs(place.directory(), configuration);
    for (int i = 0; i < tiles.size(); i++) {
      boolean isWhole = tiles.size() == 1;
      RunSettings ofTile = settings.forTile(tiles.get(i), i == 0);
      String name = "tile-%d".formatted(i + 1);
      this.tiles.add(
          new JobChain(
              ofTile,
              isWhole ? inputs : inputs.within(ofTile.plan(), ofTile.reach()),
              isWhole
                  ? new JobChain.Place("", place.directory(), place.segments())
                  : new JobChain.Place(
                      name + ".", place.directory() + "/" + name, place.segments() + "/" + name),
              runner,
              finished,
              progress));
    }
  }

  /** Whether a run in this directory has done a job. */
  public static boolean anyDone(String directory, Configuration configuration) {
    return new FinishedJobs(directory, configuration).any();
  }

  /** Runs all jobs. */
  public void run() {
    List<ParallelJobs.Task> tasks = new ArrayList<>();
    for (int i = 0; i < tiles.size(); i++) {
      JobChain tile = tiles.get(i);
      String prefix = i + ".";
      if (tiles.size() > 1 && tile.takeOver()) {
        progress.line(
            "tile %d of %d, %s: done by an earlier run"
                .formatted(i + 1, tiles.size(), tile.settings().interval()));
        continue;
      }
      long[] startedMillis = {Long.MAX_VALUE};
      for (PlannedJob job : tile.jobs()) {
        tasks.add(
            new ParallelJobs.Task(
                prefix + job.name(),
                job.after().stream().map(prefix::concat).toList(),
                () -> {
                  begin(startedMillis);
                  tile.run(job);
                }));
      }
      if (tiles.size() > 1) {
        int number = i + 1;
        tasks.add(
            new ParallelJobs.Task(
                prefix + "end",
                tile.jobs().stream().map(job -> prefix + job.name()).toList(),
                () -> end(number, tile, startedMillis)));
      }
    }
    ParallelJobs.run(tasks, atOnce);
  }

  private void begin(long[] startedMillis) {
    synchronized (startedMillis) {
      startedMillis[0] = Math.min(startedMillis[0], clock.millis());
    }
  }

  private void end(int number, JobChain tile, long[] startedMillis) {
    tile.end();
    int sinks = tile.settings().plan().sinks().size();
    List<ShardFile> segments =
        Stream.iterate(0, i -> i < sinks, i -> i + 1)
            .flatMap(sink -> tile.shards(sink).stream())
            .toList();
    synchronized (startedMillis) {
      progress.line(
          String.format(
              Locale.ROOT,
              "tile %d of %d, %s: %d segments of %,d rows, done in %.1f s",
              number,
              tiles.size(),
              tile.settings().interval(),
              segments.size(),
              segments.stream().mapToLong(ShardFile::rowCount).sum(),
              (clock.millis() - startedMillis[0]) / 1000.0));
    }
  }

  /** The segments of a sink; those of each bucket are in the order of their numbers. */
  public List<ShardFile> shards(int sink) {
    return tiles.stream().flatMap(tile -> tile.shards(sink).stream()).toList();
  }

  /** Directories of the files of a sink for other programs, by the tile and job that wrote them. */
  public Map<String, String> results(int sink) {
    Map<String, String> found = new TreeMap<>();
    tiles.forEach(tile -> found.putAll(tile.results(sink)));
    return found;
  }

  /** What the jobs counted and how long they took. */
  public JobTotals totals() {
    return JobTotals.sum(tiles.stream().map(JobChain::totals).toList());
  }

  /** Directories of the dead letters of all jobs. */
  public List<String> deadLetterDirectories() {
    return tiles.stream().flatMap(tile -> tile.deadLetterDirectories().stream()).toList();
  }
}
