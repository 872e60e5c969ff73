package io.starfire.batch.job;

import io.starfire.batch.base.Progress;
import io.starfire.batch.input.InputPart;
import io.starfire.batch.input.InputParts;
import io.starfire.batch.input.PartsInputFormat;
import io.starfire.batch.input.RunInputs;
import io.starfire.batch.input.Storage;
import io.starfire.event.SourceSettings;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Job;

/**
 * The jobs of one tile of a run, which is the whole run if it is not cut into tiles. A job that an
 * earlier run has done is not done again. Jobs that do not wait for each other may run at the same
 * time, on different threads.
 */
final class JobChain {
  /** Stands for all jobs of a tile: what lies between them is deleted. */
  private static final String WHOLE = "whole";

  private final RunSettings settings;
  private final RunInputs inputs;
  private final Place place;
  private final JobRunner runner;
  private final FinishedJobs finished;
  private final Progress progress;
  private final int reducers;
  private final long splitBytes;
  private final long targetRows;
  private final List<PlannedJob> jobs;
  private final List<Shuffle> shuffles;

  /** By the name of the job. */
  private final Map<String, StageFiles> written = new ConcurrentHashMap<>();

  private final Map<Integer, List<ShardFile>> shards = new ConcurrentHashMap<>();
  private final Map<String, JobTotals> totals = new ConcurrentHashMap<>();

  /**
   * Where a tile puts its files.
   *
   * @param tile prefix of the names of its jobs; empty if the run has no tiles
   * @param directory on the cluster's file system
   * @param segments on the file system of deep storage
   */
  record Place(String tile, String directory, String segments) {}

  JobChain(
      RunSettings settings,
      RunInputs inputs,
      Place place,
      JobRunner runner,
      FinishedJobs finished,
      Progress progress) {
    this.settings = settings;
    this.inputs = inputs;
    this.place = place;
    this.runner = runner;
    this.finished = finished;
    this.progress = progress;
    this.reducers = settings.config().integer("starfire.batch.reducers", 1, 100_000);
    this.splitBytes = settings.config().bytes("starfire.batch.split-bytes");
    this.targetRows =
        settings.config().number("starfire.batch.target-rows-per-segment", 1, Long.MAX_VALUE);
    this.jobs = PlannedJob.all(settings.plan());
    this.shuffles = settings.plan().shuffles();
  }

  RunSettings settings() {
    return settings;
  }

  /** The jobs in the order in which they may run, one after the other. */
  List<PlannedJob> jobs() {
    return jobs;
  }

  /**
   * Uses what an earlier run has made of the whole tile, if all of it is still there.
   *
   * @return whether no job has to run
   */
  boolean takeOver() {
    Optional<JobTotals> done = finished.find(place.tile() + WHOLE);
    if (done.isEmpty()) {
      return false;
    }
    for (PlannedJob job : jobs) {
      String output = output(job);
      if (job.work() != PlannedJob.Work.INDEX) {
        written.put(job.name(), StageFiles.in(output, runner.configuration()));
      } else if (isThere(job, output)) {
        shards.putAll(segments(output));
      } else {
        finished.remove(place.tile() + WHOLE);
        written.clear();
        shards.clear();
        return false;
      }
    }
    jobs.forEach(job -> runner.skip());
    totals.put(WHOLE, done.get());
    deleteBetweenJobs();
    return true;
  }

  /** Runs a job, unless it is done; those that it comes after are. */
  void run(PlannedJob job) {
    String output = output(job);
    Optional<JobTotals> done = finished.find(place.tile() + job.name());
    if (done.isPresent() && isThere(job, output)) {
      runner.skip();
      progress.line("%s%s: done by an earlier run".formatted(place.tile(), job.title()));
      totals.put(job.name(), done.get());
    } else {
      deleteUnfinished(output);
      JobTotals counted =
          switch (job.work()) {
            case READ -> read(job, output);
            case STAGE -> stage(job, output);
            case INDEX -> index(job, output);
          };
      totals.put(job.name(), counted);
      finished.add(place.tile() + job.name(), counted);
    }
    if (job.work() == PlannedJob.Work.INDEX) {
      shards.putAll(segments(output));
    } else {
      written.put(job.name(), StageFiles.in(output, runner.configuration()));
    }
  }

  private String output(PlannedJob job) {
    return job.work() == PlannedJob.Work.INDEX
        ? place.segments() + "/" + job.name()
        : place.directory() + "/" + job.name();
  }

  /** Whether the output of a job that is done can still be used. */
  private boolean isThere(PlannedJob job, String output) {
    Storage storage = Storage.of(output, runner.configuration());
    if (job.work() != PlannedJob.Work.INDEX) {
      return storage.exists(output);
    }
    return rowCounts().isEmpty()
        || (storage.exists(output)
            && segments(output).values().stream()
                .flatMap(List::stream)
                .allMatch(
                    shard ->
                        storage
                            .file(shard.file())
                            .filter(file -> file.getLen() == shard.sizeBytes())
                            .isPresent()));
  }

  /** A job refuses a directory that is there; a run that was killed may have left one. */
  private void deleteUnfinished(String output) {
    Storage.of(output, runner.configuration()).delete(output);
  }

  /** What the jobs counted and how long they took. */
  JobTotals totals() {
    JobTotals whole = totals.get(WHOLE);
    return whole != null
        ? whole
        : JobTotals.sum(
            jobs.stream().map(job -> totals.getOrDefault(job.name(), JobTotals.NONE)).toList());
  }

  /** The segments of a sink, in order of bucket and shard; empty shards are left out. */
  List<ShardFile> shards(int sink) {
    return shards.getOrDefault(sink, List.of());
  }

  /**
   * Directories of the files of a sink for other programs, by the name of the job that wrote them.
   */
  Map<String, String> results(int sink) {
    Map<String, String> found = new TreeMap<>();
    for (PlannedJob job : jobs) {
      StageFiles files = written.get(job.name());
      if (files != null && files.results().containsKey(sink)) {
        found.put(place.tile().replace('.', '-') + job.name(), files.results().get(sink));
      }
    }
    return found;
  }

  /** Directories of the dead letters of all jobs. */
  List<String> deadLetterDirectories() {
    return jobs.stream()
        .map(job -> written.get(job.name()))
        .filter(Objects::nonNull)
        .flatMap(files -> files.deadLetters().stream())
        .toList();
  }

  /**
   * Deletes what only the jobs of this tile read: all are done. From now on the tile is used again
   * as a whole, or not at all.
   */
  void end() {
    finished.add(place.tile() + WHOLE, totals());
    jobs.forEach(job -> finished.remove(place.tile() + job.name()));
    deleteBetweenJobs();
  }

  private void deleteBetweenJobs() {
    for (StageFiles files : written.values()) {
      Stream.of(files.edges(), files.rows())
          .flatMap(byIndex -> byIndex.values().stream())
          .forEach(path -> Storage.of(path, runner.configuration()).delete(path));
    }
  }

  private JobTotals index(PlannedJob planned, String output) {
    Map<Integer, Map<Long, Long>> counts = rowCounts();
    if (counts.isEmpty()) {
      runner.skip();
      return JobTotals.NONE;
    }
    ShardPlan plan = ShardPlan.of(counts, targetRows);
    Job job = newJob(planned);
    plan.putInto(job.getConfiguration());
    List<InputPart> parts = new ArrayList<>();
    for (StageFiles files : writtenByNow()) {
      files.rows().forEach((sink, rows) -> parts.addAll(files(InputPart.Kind.ROWS, sink, rows)));
    }
    setInput(job, planned, parts);
    job.setMapperClass(IndexMapper.class);
    job.setReducerClass(IndexReducer.class);
    job.setNumReduceTasks(indexReducers(plan, counts, JobRunner.isLocal(job)));
    job.setOutputFormatClass(SegmentOutputFormat.class);
    job.setOutputKeyClass(NullWritable.class);
    job.setOutputValueClass(BuiltSegment.class);
    return runner.run(job, title(planned), output);
  }

  private Map<Integer, List<ShardFile>> segments(String output) {
    Map<Integer, Map<Long, Long>> counts = rowCounts();
    return counts.isEmpty()
        ? Map.of()
        : ShardFile.list(output, ShardPlan.of(counts, targetRows), runner.configuration());
  }

  /** Rows of the sinks that have any, by the start of their bucket. */
  private Map<Integer, Map<Long, Long>> rowCounts() {
    Map<Integer, Map<Long, Long>> counts = new TreeMap<>();
    for (StageFiles files : writtenByNow()) {
      files
          .rowCounts()
          .forEach(
              (sink, ofSink) ->
                  ofSink.forEach(
                      (bucket, count) ->
                          counts
                              .computeIfAbsent(sink, missing -> new TreeMap<>())
                              .merge(bucket, count, Long::sum)));
    }
    return counts;
  }

  private List<StageFiles> writtenByNow() {
    return jobs.stream().map(job -> written.get(job.name())).filter(Objects::nonNull).toList();
  }

  /**
   * On a cluster one for each full segment, and not fewer than the other jobs have. A reducer
   * builds any number of small segments, one after the other: a container for each would cost more
   * than the work.
   */
  private int indexReducers(ShardPlan plan, Map<Integer, Map<Long, Long>> counts, boolean local) {
    long full =
        counts.values().stream()
            .mapToLong(ofSink -> ofSink.values().stream().mapToLong(Long::longValue).sum())
            .map(rows -> Math.floorDiv(rows - 1, targetRows) + 1)
            .sum();
    long wanted = local ? reducers : Math.max(reducers, full);
    return (int) Math.min(plan.total(), wanted);
  }

  private JobTotals read(PlannedJob planned, String output) {
    Job job = newJob(planned);
    setInput(job, planned, rawParts(job, stageOf(planned)));
    job.setMapperClass(StageMapper.class);
    job.setNumReduceTasks(0);
    return runStage(job, planned, output);
  }

  private JobTotals stage(PlannedJob planned, String output) {
    Stage stage = stageOf(planned);
    Job job = newJob(planned);
    List<InputPart> parts = new ArrayList<>();
    for (Stage source : PlannedJob.fusedInto(settings.plan(), stage)) {
      parts.addAll(rawParts(job, source));
    }
    for (Shuffle input : stage.inputs()) {
      int edge = shuffles.indexOf(input);
      for (StageFiles files : writtenByNow()) {
        String from = files.edges().get(edge);
        if (from != null) {
          parts.addAll(files(InputPart.Kind.EDGE, edge, from));
        }
      }
    }
    setInput(job, planned, parts);
    StageReducer.setStage(job.getConfiguration(), stage);
    StageCombiner.setFor(job, stage);
    job.setMapperClass(StageMapper.class);
    job.setReducerClass(StageReducer.class);
    job.setNumReduceTasks(reducers);
    return runStage(job, planned, output);
  }

  private Stage stageOf(PlannedJob planned) {
    return settings.plan().stages().get(planned.index());
  }

  private JobTotals runStage(Job job, PlannedJob planned, String output) {
    job.setOutputFormatClass(DeliveryOutputFormat.class);
    job.setOutputKeyClass(Delivery.class);
    job.setOutputValueClass(NullWritable.class);
    return runner.run(job, title(planned), output);
  }

  private String title(PlannedJob planned) {
    return "starfire %s: %s".formatted(settings.plan().shortName(), planned.title());
  }

  private Job newJob(PlannedJob planned) {
    String tile = place.tile().isEmpty() ? "" : " (%s)".formatted(settings.interval());
    Job job = runner.newJob(title(planned) + tile);
    settings.putInto(job.getConfiguration());
    TaskFailures.setDirectory(
        job.getConfiguration(), place.directory() + "/failures/" + planned.name());
    job.setInputFormatClass(PartsInputFormat.class);
    job.setMapOutputKeyClass(Delivery.class);
    job.setMapOutputValueClass(NullWritable.class);
    job.setPartitionerClass(DeliveryPartitioner.class);
    job.setSortComparatorClass(DeliveryOrder.Whole.class);
    job.setGroupingComparatorClass(DeliveryOrder.Group.class);
    return job;
  }

  private void setInput(Job job, PlannedJob planned, List<InputPart> parts) {
    String file = "%s/input-%s.json".formatted(place.directory(), planned.name());
    Storage.of(file, job.getConfiguration())
        .write(file, new InputParts(parts, splitBytes).toBytes());
    PartsInputFormat.setParts(job.getConfiguration(), file);
  }

  private List<InputPart> rawParts(Job job, Stage stage) {
    int index = sourceIndex(stage);
    SourceNode source = settings.plan().sources().get(index);
    String[] wanted = wantedFields(settings, source);
    PartsInputFormat.setWantedFields(job.getConfiguration(), index, wanted);
    return inputs.parts().get(index);
  }

  /** The columns of a Parquet file that a source needs. */
  static String[] wantedFields(RunSettings settings, SourceNode source) {
    Map<String, String> renamed = SourceSettings.from(settings.config(), source.name()).fields();
    return source.type().fieldNames().stream()
        .map(field -> renamed.getOrDefault(field, field))
        .toArray(String[]::new);
  }

  private int sourceIndex(Stage stage) {
    return settings.plan().sources().indexOf(stage.source());
  }

  private List<InputPart> files(InputPart.Kind kind, int index, String from) {
    return Storage.of(from, runner.configuration()).files(from).stream()
        .map(file -> InputPart.of(kind, index, file.getPath().toString(), file.getLen()))
        .toList();
  }
}
