package io.starfire.batch;

import io.starfire.batch.base.Patience;
import io.starfire.batch.base.Progress;
import io.starfire.batch.base.Uninterrupted;
import io.starfire.batch.input.Pin;
import io.starfire.batch.input.RunInputs;
import io.starfire.batch.input.Storage;
import io.starfire.batch.job.JobTotals;
import io.starfire.batch.job.RunJobs;
import io.starfire.batch.job.RunSettings;
import io.starfire.batch.job.ShardFile;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.RowSchemas;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.Planner;
import io.starfire.plan.Reach;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.StarfireClient;
import io.starfire.protocol.VersionRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * One batch run. It checks its options, fixes the pin, runs the jobs, puts the segments into deep
 * storage and publishes them. Temporary files lie below {@code starfire.batch.work-dir} and in a
 * staging directory of deep storage. They are deleted at the end, whether the run succeeds or
 * fails. After a failure the same run can be started again; it gets its own version and
 * directories.
 */
public final class BatchRun {
  private final BatchOptions options;
  private final InstantSource clock;
  private final Progress progress;
  private final StarfireConfig config;
  private final String run;
  private final String workDirectory;
  private final String directory;
  private final Configuration configuration;

  /** Whether tasks may write into the directories. */
  private boolean jobsMayRun;

  private BatchRun(BatchOptions options, InstantSource clock, Progress progress) {
    this.options = options;
    this.clock = clock;
    this.progress = progress;
    this.config = options.config();
    this.run = Cleaning.WORK_PREFIX + UUID.randomUUID();
    String localDirectory = System.getProperty("java.io.tmpdir") + "/starfire-" + run;
    this.configuration = HadoopSettings.of(config, options.hadoopProperties(), localDirectory);
    this.workDirectory = Storage.qualified(config.string("starfire.batch.work-dir"), configuration);
    this.directory = workDirectory + "/" + run;
  }

  /** Runs, on the calling thread, against the system's clock. */
  public static BatchReport run(BatchOptions options, Progress progress) {
    return run(options, progress, InstantSource.system());
  }

  /**
   * Runs, on the calling thread.
   *
   * @return with the publication as it was when it became active, or when the wait for that ended
   * @throws StarfireException if the run is refused or fails; nothing is published then, unless
   *     {@link Progress#registered} was called
   */
  public static BatchReport run(BatchOptions options, Progress progress, InstantSource clock) {
    return new BatchRun(options, clock, progress).run();
  }

  private BatchReport run() {
    try (Patience patience = new Patience(progress)) {
      return run(patience);
    }
  }

  private BatchReport run(Patience patience) {
    Plan plan =
        Planner.plan(
            options.pipeline(),
            Thread.currentThread().getContextClassLoader(),
            RowSchemas.of(config));
    RunCheck.interval(plan, options.interval());
    RunCheck.over(options.interval(), clock.millis());
    PinnedTables tables =
        patience.during(
            "the files of lookups",
            () -> PinnedTables.read(plan, config, directory, configuration));
    RunSettings settings =
        RunSettings.of(plan, config, options.interval(), clock.millis(), tables.lookups());
    Reach reach = settings.reach();
    if (!options.allowIncomplete()) {
      RunCheck.closed(plan, reach, config.duration("starfire.batch.arrival-slack"), clock.millis());
    }
    RunInputs inputs =
        patience.during(
            "the file system of the input",
            () -> RunInputs.find(plan, reach, config, options.allowIncomplete(), configuration));
    SegmentUpload upload =
        patience.during(
            "deep storage",
            () ->
                new SegmentUpload(
                    Storage.root("starfire.deep-storage.root", config, configuration),
                    configuration,
                    progress));
    RunDirectories directories = directories(upload);
    Heartbeat heartbeat = null;
    try {
      heartbeat =
          patience.during(
              "the file system of starfire.batch.work-dir",
              () -> Heartbeat.inDirectories(directories.all(), configuration));
      patience.during(
          "the directories of earlier runs",
          () -> {
            int unused = Cleaning.deadRuns(workDirectory, upload.root(), configuration, progress);
          });
      patience.during("the file system of starfire.batch.work-dir", () -> writeTables(tables));
      StarfireClient coordinator =
          new StarfireClient(
              config.string("starfire.server.coordinator-url"), "starfire.server.coordinator-url");
      String version = version(plan, coordinator);
      Pin pin =
          new Pin(inputs.offsets(), inputs.files(), tables.versions(), inputs.completeUpToMillis());
      return compute(settings, inputs, pin, new Publishing(coordinator, version, upload), patience);
    } finally {
      if (heartbeat != null) {
        heartbeat.close();
      }
      Uninterrupted.run(
          () ->
              patience.during(
                  "the file system, to delete the directories of the run",
                  () -> directories.delete(jobsMayRun)));
    }
  }

  private RunDirectories directories(SegmentUpload upload) {
    RunDirectories directories = new RunDirectories(configuration, progress);
    directories.add(directory);
    directories.add(upload.stagingDirectory(run));
    String local = configuration.get("hadoop.tmp.dir");
    if (local.endsWith(run)) {
      directories.add("file://" + local);
    }
    return directories;
  }

  /** Also shows, before any work is done, that the file system takes changes. */
  private void writeTables(PinnedTables tables) {
    Storage storage = Storage.of(directory, configuration);
    storage.makeDirectory(directory);
    tables.write(storage);
  }

  /** What it takes to publish. */
  private record Publishing(StarfireClient coordinator, String version, SegmentUpload upload) {}

  private BatchReport compute(
      RunSettings settings, RunInputs inputs, Pin pin, Publishing publishing, Patience patience) {
    Plan plan = settings.plan();
    RunJobs jobs =
        new RunJobs(
            settings,
            List.of(options.interval()),
            inputs,
            new RunJobs.Place(directory, publishing.upload().stagingDirectory(run)),
            configuration,
            clock,
            progress,
            patience);
    jobsMayRun = true;
    jobs.run();
    List<List<ShardFile>> shards = new ArrayList<>();
    for (int i = 0; i < plan.sinks().size(); i++) {
      shards.add(jobs.shards(i));
    }
    jobsMayRun = false;
    String deadLetters = keepDeadLetters(jobs.deadLetterDirectories());
    Published published = publish(settings, shards, pin, publishing, patience);
    JobTotals totals = jobs.totals();
    return new BatchReport(
        plan.pipeline(),
        options.interval(),
        plan.fingerprint(),
        pin,
        totals.outcomes(),
        totals.anomalies(),
        totals.seconds(),
        totals.counters(),
        published,
        deadLetters);
  }

  /** All sinks are one publication: they become active together, or none of them. */
  private Published publish(
      RunSettings settings,
      List<List<ShardFile>> shards,
      Pin pin,
      Publishing publishing,
      Patience patience) {
    SegmentUpload upload = publishing.upload();
    List<PlannedSegment> planned = new ArrayList<>();
    for (int i = 0; i < shards.size(); i++) {
      DataSourceSchema schema = settings.plan().sinks().get(i).dataSource().schema();
      planned.addAll(
          PlannedSegment.all(
              schema, List.of(options.interval()), publishing.version(), shards.get(i)));
    }
    PublicationRequest request =
        new PublicationRequest(
            dataSources(settings.plan()),
            List.of(options.interval()),
            publishing.version(),
            planned.stream().map(PlannedSegment::descriptor).toList(),
            settings.plan().fingerprint(),
            settings.grants().describe(),
            pin.toMap(),
            options.hold(),
            options.acceptLoss(),
            schemas(settings.plan()),
            upload.deepStorageRoot());
    Publisher publisher =
        new Publisher(
            publishing.coordinator(),
            upload.unpublished(),
            config.duration("starfire.batch.activation-timeout"),
            clock,
            progress);
    try (Heartbeat alive = upload.unpublished().workOn(request.id())) {
      patience.during("deep storage to take the segments", () -> upload.store(request, planned));
      return publisher.publish(request);
    }
  }

  private static List<DataSourceSchema> schemas(Plan plan) {
    return plan.sinks().stream().map(sink -> sink.dataSource().schema()).toList();
  }

  private static List<String> dataSources(Plan plan) {
    return plan.sinks().stream().map(sink -> sink.dataSource().schema().name()).toList();
  }

  /** Asks for the version of the run, before anything that costs time. */
  private String version(Plan plan, StarfireClient coordinator) {
    for (SinkNode sink : plan.sinks()) {
      coordinator.announce(sink.dataSource().schema());
    }
    VersionRequest request =
        new VersionRequest(dataSources(plan), List.of(options.interval()), clock.millis());
    String version = coordinator.version(request).version();
    progress.line("%s: version %s".formatted(String.join(", ", dataSources(plan)), version));
    return version;
  }

  /** Moves dead letters out of the run's directory, which is deleted; where they are now. */
  private String keepDeadLetters(List<String> directories) {
    if (directories.isEmpty()) {
      return "";
    }
    Path work = new Path(directory).getParent();
    String kept = new Path(new Path(work, "dead-letters"), run).toString();
    for (int i = 0; i < directories.size(); i++) {
      Storage storage = Storage.of(directories.get(i), configuration);
      for (FileStatus file : storage.files(directories.get(i))) {
        storage.rename(
            file.getPath().toString(), "%s/%d-%s".formatted(kept, i, file.getPath().getName()));
      }
    }
    return kept;
  }
}
