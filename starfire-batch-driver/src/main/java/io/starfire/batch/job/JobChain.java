package io.starfire.batch.job;

import io.starfire.batch.base.Patience;
import io.starfire.batch.base.Progress;
import io.starfire.batch.input.InputPart;
import io.starfire.batch.input.InputParts;
import io.starfire.batch.input.PartsInputFormat;
import io.starfire.batch.input.RunInputs;
import io.starfire.batch.input.Storage;
import io.starfire.common.Json;
import io.starfire.event.SourceSettings;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Job;

/**
 * Runs the stages of a plan: one job for each shuffle, in the order of the plan. If a source feeds
 * one stage, the mappers of that stage's job read it. If it feeds several stages, or feeds a data
 * source directly, a job without reducers reads it, so that each event is counted once. For one
 * thread and one run.
 */
public final class JobChain {
  private final RunSettings settings;
  private final RunInputs inputs;
  private final String directory;
  private final JobRunner runner;
  private final int reducers;
  private final long splitBytes;
  private final List<Shuffle> shuffles;

  /** Where what was put on a shuffle lies; several directories if it comes from several jobs. */
  private final Map<Integer, List<String>> edges = new HashMap<>();

  private final Map<Integer, List<String>> rows = new TreeMap<>();
  private final Map<Integer, Map<Long, Long>> rowCounts = new TreeMap<>();
  private final List<String> deadLetterDirectories = new ArrayList<>();

  /**
   * @param directory of the run, on the cluster's file system
   * @param progress told of each job
   * @param patience says what a job waits for
   */
  public JobChain(
      RunSettings settings,
      RunInputs inputs,
      String directory,
      Configuration configuration,
      InstantSource clock,
      Progress progress,
      Patience patience) {
    this.settings = settings;
    this.inputs = inputs;
    this.directory = directory;
    this.runner = new JobRunner(configuration, clock, progress, patience);
    this.reducers = settings.config().integer("starfire.batch.reducers", 1, 100_000);
    this.splitBytes = settings.config().bytes("starfire.batch.split-bytes");
    this.shuffles = settings.plan().shuffles();
  }

  /** Runs all stages; their rows are then ready to be indexed. */
  public void runStages() {
    runner.announce(jobCount());
    for (Stage stage : settings.plan().stages()) {
      if (!stage.isSource()) {
        runShuffled(stage);
      } else if (!isFused(stage)) {
        runSource(stage);
      }
    }
  }

  /** A data source that gets no rows needs no job, which only shows when the stages have run. */
  private int jobCount() {
    long stages =
        settings.plan().stages().stream()
            .filter(stage -> !stage.isSource() || !isFused(stage))
            .count();
    return Math.toIntExact(stages) + settings.plan().sinks().size();
  }

  /** What the jobs counted and how long they took. */
  public JobTotals totals() {
    return runner.totals();
  }

  /** Directories of the dead letters of all jobs. */
  public List<String> deadLetterDirectories() {
    return List.copyOf(deadLetterDirectories);
  }

  /**
   * Builds the segments of a sink.
   *
   * @param output a directory that does not exist yet, on the file system of deep storage
   * @return them in order of bucket and shard; empty shards are left out
   */
  public List<ShardFile> index(int sinkIndex, String output) {
    SinkNode sink = settings.plan().sinks().get(sinkIndex);
    Map<Long, Long> counts = rowCounts.getOrDefault(sinkIndex, Map.of());
    if (counts.isEmpty()) {
      return List.of();
    }
    long target =
        settings.config().number("starfire.batch.target-rows-per-segment", 1, Long.MAX_VALUE);
    ShardPlan shards = ShardPlan.of(counts, target);
    Job job = newJob("index " + sink.dataSource().schema().name(), "index-" + sinkIndex);
    shards.putInto(job.getConfiguration());
    IndexMapper.setSink(job.getConfiguration(), sinkIndex);
    List<InputPart> parts = new ArrayList<>();
    for (String from : rows.get(sinkIndex)) {
      parts.addAll(files(InputPart.Kind.ROWS, sinkIndex, from));
    }
    setInput(job, "index-" + sinkIndex, parts);
    job.setMapperClass(IndexMapper.class);
    job.setReducerClass(IndexReducer.class);
    job.setNumReduceTasks(indexReducers(shards, counts, target, JobRunner.isLocal(job)));
    job.setOutputFormatClass(SegmentOutputFormat.class);
    job.setOutputKeyClass(NullWritable.class);
    job.setOutputValueClass(BuiltSegment.class);
    runner.run(job, output);
    return ShardFile.list(output, shards, job.getConfiguration());
  }

  /**
   * On a cluster one for each full segment, and not fewer than the other jobs have. A reducer
   * builds any number of small segments, one after the other: a container for each would cost more
   * than the work.
   */
  private int indexReducers(
      ShardPlan shards, Map<Long, Long> rowCounts, long targetRows, boolean local) {
    long rows = rowCounts.values().stream().mapToLong(Long::longValue).sum();
    long full = Math.floorDiv(rows - 1, targetRows) + 1;
    long wanted = local ? reducers : Math.max(reducers, full);
    return (int) Math.min(shards.total(), wanted);
  }

  private boolean isFused(Stage source) {
    Set<String> targets = new HashSet<>();
    source.outputs().forEach(shuffle -> targets.add(shuffle.toStage()));
    return targets.size() == 1 && source.sinks().isEmpty();
  }

  private void runSource(Stage stage) {
    String name = "source-" + sourceIndex(stage);
    Job job = newJob("read " + stage.name(), name);
    setInput(job, name, rawParts(job, stage));
    job.setMapperClass(StageMapper.class);
    job.setNumReduceTasks(0);
    runStage(job, name);
  }

  private void runShuffled(Stage stage) {
    String name = "stage-" + settings.plan().stages().indexOf(stage);
    Job job = newJob(stage.name(), name);
    List<InputPart> parts = new ArrayList<>();
    settings.plan().stages().stream()
        .filter(source -> source.isSource() && isFused(source))
        .filter(source -> source.outputs().get(0).toStage().equals(stage.name()))
        .forEach(source -> parts.addAll(rawParts(job, source)));
    for (Shuffle input : stage.inputs()) {
      int edge = shuffles.indexOf(input);
      for (String from : edges.getOrDefault(edge, List.of())) {
        parts.addAll(files(InputPart.Kind.EDGE, edge, from));
      }
    }
    setInput(job, name, parts);
    StageReducer.setStage(job.getConfiguration(), stage);
    job.setMapperClass(StageMapper.class);
    job.setReducerClass(StageReducer.class);
    job.setNumReduceTasks(reducers);
    runStage(job, name);
  }

  private void runStage(Job job, String name) {
    job.setOutputFormatClass(DeliveryOutputFormat.class);
    job.setOutputKeyClass(Delivery.class);
    job.setOutputValueClass(NullWritable.class);
    String output = directory + "/" + name;
    runner.run(job, output);
    collect(output, job.getConfiguration());
  }

  private void collect(String output, Configuration configuration) {
    Storage storage = Storage.of(output, configuration);
    for (FileStatus child : storage.list(output)) {
      String path = child.getPath().toString();
      String name = child.getPath().getName();
      if (name.startsWith(DeliveryOutputFormat.EDGE)) {
        add(edges, name.substring(DeliveryOutputFormat.EDGE.length()), path);
      } else if (name.startsWith(DeliveryOutputFormat.ROWS)) {
        add(rows, name.substring(DeliveryOutputFormat.ROWS.length()), path);
      } else if (name.equals(DeliveryOutputFormat.DEAD_LETTERS)) {
        deadLetterDirectories.add(path);
      } else if (name.equals(DeliveryOutputFormat.COUNTS)) {
        storage.files(path).forEach(file -> addCounts(storage.read(file.getPath().toString())));
      }
    }
  }

  private static void add(Map<Integer, List<String>> to, String index, String path) {
    to.computeIfAbsent(Integer.valueOf(index), key -> new ArrayList<>()).add(path);
  }

  private void addCounts(byte[] json) {
    Json.read(
            new String(json, StandardCharsets.UTF_8),
            DeliveryOutputFormat.RowCounts.class,
            "the row counts of a task")
        .rows()
        .forEach(
            (sink, counts) ->
                counts.forEach(
                    (bucket, count) ->
                        rowCounts
                            .computeIfAbsent(sink, key -> new TreeMap<>())
                            .merge(bucket, count, Long::sum)));
  }

  private Job newJob(String title, String name) {
    Job job = runner.newJob("starfire " + settings.plan().shortName() + ": " + title);
    settings.putInto(job.getConfiguration());
    TaskFailures.setDirectory(job.getConfiguration(), directory + "/failures/" + name);
    job.setInputFormatClass(PartsInputFormat.class);
    job.setMapOutputKeyClass(Delivery.class);
    job.setMapOutputValueClass(NullWritable.class);
    job.setPartitionerClass(DeliveryPartitioner.class);
    job.setSortComparatorClass(DeliveryOrder.Whole.class);
    job.setGroupingComparatorClass(DeliveryOrder.Group.class);
    return job;
  }

  private void setInput(Job job, String name, List<InputPart> parts) {
    String file = directory + "/input-" + name + ".json";
    Storage.of(file, job.getConfiguration())
        .write(file, new InputParts(parts, splitBytes).toBytes());
    PartsInputFormat.setParts(job.getConfiguration(), file);
  }

  private List<InputPart> rawParts(Job job, Stage stage) {
    int index = sourceIndex(stage);
    SourceNode source = settings.plan().sources().get(index);
    Map<String, String> renamed = SourceSettings.from(settings.config(), source.name()).fields();
    String[] wanted =
        source.type().fieldNames().stream()
            .map(field -> renamed.getOrDefault(field, field))
            .toArray(String[]::new);
    PartsInputFormat.setWantedFields(job.getConfiguration(), index, wanted);
    return inputs.parts().get(index);
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
