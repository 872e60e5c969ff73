package io.starfire.batch;

import io.starfire.batch.BatchReport.Published;
import io.starfire.batch.input.Pin;
import io.starfire.batch.input.RunInputs;
import io.starfire.batch.input.Storage;
import io.starfire.batch.job.JobChain;
import io.starfire.batch.job.JobTotals;
import io.starfire.batch.job.RunSettings;
import io.starfire.batch.job.ShardFile;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.LookupSettings;
import io.starfire.event.LookupTable;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.LookupRef;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.Planner;
import io.starfire.plan.Reach;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.publication.PublicationRequest;
import io.starfire.segment.publication.VersionRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * One batch run: checks, fixes the pin, runs the jobs, puts the segments into deep storage and
 * publishes them. What is temporary lies below {@code starfire.batch.work-dir} and in a staging
 * directory of deep storage, and is deleted at the end, however it ends. After a failure the same
 * run can be started again: it gets a version and directories of its own.
 */
public final class BatchRun {
  private final BatchOptions options;
  private final InstantSource clock;
  private final Progress progress;
  private final StarfireConfig config;
  private final String run;
  private final String directory;
  private final Configuration configuration;

  private BatchRun(BatchOptions options, InstantSource clock, Progress progress) {
    this.options = options;
    this.clock = clock;
    this.progress = progress;
    this.config = options.config();
    this.run = "run-" + UUID.randomUUID();
    Configuration plain =
        HadoopSettings.of(config, options.hadoopProperties(), System.getProperty("java.io.tmpdir"));
    String workDirectory = Storage.qualified(config.string("starfire.batch.work-dir"), plain);
    this.directory = workDirectory + "/" + run;
    String localDirectory = System.getProperty("java.io.tmpdir") + "/starfire-" + run;
    this.configuration = HadoopSettings.of(config, options.hadoopProperties(), localDirectory);
  }

  /** Runs, on the calling thread, against the system's clock. */
  public static BatchReport run(BatchOptions options, Progress progress) {
    return run(options, progress, InstantSource.system());
  }

  /**
   * Runs, on the calling thread.
   *
   * @return with each publication as it was when it turned, or when the wait for that ended
   * @throws StarfireException if the run is refused or fails; then nothing is published
   */
  public static BatchReport run(BatchOptions options, Progress progress, InstantSource clock) {
    return new BatchRun(options, clock, progress).run();
  }

  private BatchReport run() {
    Plan plan = Planner.plan(options.pipeline(), Thread.currentThread().getContextClassLoader());
    RunCheck.interval(plan, options.interval());
    Map<String, byte[]> lookupContents = lookupContents(plan);
    Map<String, RunSettings.PinnedLookup> lookups = new TreeMap<>();
    lookupContents.forEach(
        (name, content) ->
            lookups.put(
                name,
                new RunSettings.PinnedLookup(
                    directory + "/lookups/" + name + ".csv", versionOf(plan, name, content))));
    RunSettings settings = new RunSettings(plan, config, options.interval(), lookups);
    Reach reach = settings.reach();
    if (!options.allowIncomplete()) {
      RunCheck.closed(plan, reach, config.duration("starfire.batch.arrival-slack"), clock.millis());
    }
    RunInputs inputs =
        RunInputs.find(plan, reach, config, options.allowIncomplete(), configuration);
    CoordinatorClient coordinator =
        new CoordinatorClient(config.string("starfire.server.coordinator-url"));
    Map<String, String> versions = versions(plan, coordinator);
    SegmentUpload upload =
        new SegmentUpload(
            Storage.qualified(config.string("starfire.deepStorage.root"), configuration),
            configuration);
    try {
      lookupContents.forEach(
          (name, content) ->
              Storage.of(directory, configuration).write(lookups.get(name).file(), content));
      return compute(settings, inputs, coordinator, versions, upload);
    } finally {
      Storage.of(directory, configuration).delete(directory);
      String staging = upload.stagingDirectory(run);
      Storage.of(staging, configuration).delete(staging);
      String local = configuration.get("hadoop.tmp.dir");
      if (local.endsWith(run)) {
        Storage.of("file://" + local, configuration).delete("file://" + local);
      }
    }
  }

  private BatchReport compute(
      RunSettings settings,
      RunInputs inputs,
      CoordinatorClient coordinator,
      Map<String, String> versions,
      SegmentUpload upload) {
    Plan plan = settings.plan();
    JobChain chain = new JobChain(settings, inputs, directory, configuration, clock, progress);
    chain.runStages();
    List<List<ShardFile>> shards = new ArrayList<>();
    for (int i = 0; i < plan.sinks().size(); i++) {
      shards.add(chain.index(i, upload.stagingDirectory(run) + "/" + i));
    }
    String deadLetters = keepDeadLetters(chain.deadLetterDirectories());
    Map<String, String> lookupVersions = new TreeMap<>();
    settings.lookups().forEach((name, lookup) -> lookupVersions.put(name, lookup.version()));
    Pin pin =
        new Pin(inputs.offsets(), inputs.files(), lookupVersions, inputs.completeUpToMillis());
    List<Published> published = new ArrayList<>();
    Publisher publisher =
        new Publisher(
            coordinator, config.duration("starfire.batch.activation-timeout"), clock, progress);
    for (int i = 0; i < plan.sinks().size(); i++) {
      SinkNode sink = plan.sinks().get(i);
      String name = sink.dataSource().schema().name();
      List<SegmentDescriptor> segments =
          upload.publish(
              sink.dataSource().schema(), options.interval(), versions.get(name), shards.get(i));
      published.add(
          publisher.publish(
              new PublicationRequest(
                  name,
                  List.of(options.interval()),
                  versions.get(name),
                  segments,
                  plan.fingerprint(),
                  settings.grants().describe(),
                  pin.toMap(),
                  options.hold(),
                  options.acceptLess())));
    }
    JobTotals totals = chain.totals();
    return new BatchReport(
        plan.pipeline(),
        options.interval(),
        plan.fingerprint(),
        pin,
        totals.outcomes(),
        totals.anomalies(),
        totals.seconds(),
        published,
        deadLetters);
  }

  /** Asks for a version of each data source, before anything that costs time. */
  private Map<String, String> versions(Plan plan, CoordinatorClient coordinator) {
    Map<String, String> versions = new TreeMap<>();
    for (SinkNode sink : plan.sinks()) {
      coordinator.register(sink.dataSource().schema());
      String name = sink.dataSource().schema().name();
      VersionRequest request =
          new VersionRequest(name, List.of(options.interval()), clock.millis());
      versions.put(name, coordinator.version(request).version());
      progress.line("%s: version %s".formatted(name, versions.get(name)));
    }
    return versions;
  }

  private Map<String, byte[]> lookupContents(Plan plan) {
    Map<String, byte[]> contents = new TreeMap<>();
    for (LookupRef lookup : plan.lookups()) {
      LookupSettings from = LookupSettings.from(config, lookup.name());
      Storage storage = Storage.of(from.file(), configuration);
      if (!storage.exists(from.file())) {
        throw new StarfireException(
            ErrorCode.NOT_FOUND,
            "lookup '%s': there is no file %s; set starfire.lookups.%s.file"
                .formatted(lookup.name(), from.file(), lookup.name()));
      }
      contents.put(lookup.name(), storage.read(from.file()));
    }
    return contents;
  }

  /** Reads the table once here, so that a bad one is refused before any job starts. */
  private String versionOf(Plan plan, String name, byte[] content) {
    LookupRef lookup =
        plan.lookups().stream().filter(ref -> ref.name().equals(name)).findFirst().orElseThrow();
    return LookupTable.loadCsv(
            name,
            content,
            lookup.keyType(),
            lookup.valueType(),
            LookupSettings.from(config, name).keyColumn())
        .version();
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
