package io.starfire.batch;

import io.starfire.batch.base.OneByOne;
import io.starfire.batch.base.Patience;
import io.starfire.batch.base.Progress;
import io.starfire.batch.base.Uninterrupted;
import io.starfire.batch.input.Pin;
import io.starfire.batch.input.RunInputs;
import io.starfire.batch.input.Storage;
import io.starfire.batch.job.JobTotals;
import io.starfire.batch.job.RunJobs;
import io.starfire.batch.job.RunSettings;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import io.starfire.event.DataSourceSchema;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.plan.Reach;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.protocol.StarfireClient;
import io.starfire.protocol.VersionRequest;
import java.time.Duration;
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
 * staging directory of deep storage, and files for other programs in a directory of {@link
 * FileSets}. They are deleted at the end, whether the run succeeds or fails. After a failure the
 * same run can be started again; it gets its own version and directories.
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
  private final FileSets fileSets;

  /** Whether tasks may write into the directories. */
  private boolean jobsMayRun;

  private BatchRun(BatchOptions options, InstantSource clock, Progress progress) {
    this.options = options;
    this.clock = clock;
    this.progress = new OneByOne(progress);
    this.config = options.config();
    this.run = Cleaning.WORK_PREFIX + UUID.randomUUID();
    String localDirectory = System.getProperty("java.io.tmpdir") + "/starfire-" + run;
    this.configuration = HadoopSettings.of(config, options.hadoopProperties(), localDirectory);
    this.workDirectory = Storage.qualified(config.string("starfire.batch.work-dir"), configuration);
    this.directory = workDirectory + "/" + run;
    this.fileSets = new FileSets(config, configuration, this.progress);
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
    Plan plan = RunCheck.plan(options, clock.millis());
    List<Interval> tiles = Tiles.of(plan, options.interval(), options.tile());
    RunFiles files = new RunFiles(plan, options.interval(), run, fileSets);
    patience.during("the file system of starfire.files.root", files::check);
    Prepared prepared =
        options.resume() ? kept(plan, patience) : fromTheBeginning(plan, tiles, patience);
    SegmentUpload upload =
        patience.during(
            "deep storage",
            () ->
                new SegmentUpload(
                    Storage.root("starfire.deep-storage.root", config, configuration),
                    configuration,
                    progress));
    RunDirectories directories = directories(upload, files);
    Heartbeat heartbeat = null;
    try {
      if (prepared.kept() != null) {
        patience.during(
            "the file system of starfire.batch.work-dir",
            () -> claim(prepared.kept(), upload, files));
      }
      heartbeat =
          patience.during(
              "the file system of starfire.batch.work-dir",
              () -> Heartbeat.inDirectories(directories.all(), configuration));
      patience.during(
          "the directories of earlier runs",
          () -> {
            Duration keep = config.duration("starfire.batch.keep-failed-runs-for");
            int unused =
                Cleaning.deadRuns(
                    new Cleaning.Places(workDirectory, upload.root(), fileSets.runs()),
                    keep,
                    configuration,
                    progress);
            files.completeTurns();
          });
      patience.during("the file system of starfire.batch.work-dir", () -> write(prepared, plan));
      StarfireClient coordinator =
          new StarfireClient(
              config.string("starfire.server.coordinator-url"), "starfire.server.coordinator-url");
      String version = version(plan, coordinator);
      return compute(
          prepared, tiles, new Publishing(coordinator, version, upload, files), patience);
    } catch (RuntimeException | Error e) {
      Uninterrupted.run(() -> keepIfOfUse(e, directories, patience));
      throw e;
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

  /**
   * What is known before the first job.
   *
   * @param kept the run that this one goes on with, or null
   */
  private record Prepared(
      RunSettings settings, RunInputs inputs, Pin pin, PinnedTables tables, KeptRuns.Found kept) {}

  private Prepared fromTheBeginning(Plan plan, List<Interval> tiles, Patience patience) {
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
    if (tiles.size() > 1 && !inputs.files().isEmpty()) {
      progress.line(
          "the files of %s are read again for each of the %d tiles; an archive is not"
              .formatted(String.join(", ", inputs.files().keySet()), tiles.size()));
    }
    Pin pin =
        new Pin(inputs.offsets(), inputs.files(), tables.versions(), inputs.completeUpToMillis());
    return new Prepared(settings, inputs, pin, tables, null);
  }

  /** What a run that failed has read, which has to be there as it was. */
  private Prepared kept(Plan plan, Patience patience) {
    return patience.during(
        "the file system of starfire.batch.work-dir",
        () -> {
          KeptRuns.Found found = new KeptRuns(workDirectory, configuration).newest(options);
          KeptRun run = found.run();
          refuse(found, run.differences(options, plan));
          PinnedTables tables = PinnedTables.kept(run.pin().lookups(), directory);
          RunSettings settings =
              RunSettings.of(
                  plan, config, options.interval(), run.beganAtMillis(), tables.lookups());
          RunInputs inputs =
              RunInputs.find(plan, settings.reach(), config, run.pin(), configuration);
          refuse(found, run.differences(inputs));
          return new Prepared(settings, inputs, run.pin(), tables, found);
        });
  }

  private static void refuse(KeptRuns.Found found, List<String> differences) {
    if (!differences.isEmpty()) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "the run in %s cannot be resumed: %s; start it without --resume"
              .formatted(found.directory(), String.join(", and ", differences)));
    }
  }

  /** From now on the directories of the kept run are those of this one. */
  private void claim(KeptRuns.Found kept, SegmentUpload upload, RunFiles files) {
    new KeptRuns(workDirectory, configuration).claim(kept, directory);
    String staging = KeptRuns.staging(upload.root(), kept.directory());
    Storage storage = Storage.of(staging, configuration);
    if (storage.exists(staging)) {
      storage.rename(staging, upload.stagingDirectory(run));
    }
    files.claim(new Path(kept.directory()).getName());
    progress.line("going on with the run that was in " + kept.directory());
  }

  /** Jobs that are done are of use to a later run, unless this one was stopped on purpose. */
  private void keepIfOfUse(Throwable failure, RunDirectories directories, Patience patience) {
    boolean stopped =
        failure instanceof StarfireException known && known.code() == ErrorCode.CANCELED;
    Duration keep = config.duration("starfire.batch.keep-failed-runs-for");
    if (stopped || keep.isZero()) {
      return;
    }
    try {
      patience.during(
          "the file system of starfire.batch.work-dir",
          () -> {
            if (KeptRuns.isKept(directory, configuration)) {
              KeptRuns.end(directory, configuration);
              directories.keep(directory);
              directories.keep(
                  KeptRuns.staging(
                      Storage.root("starfire.deep-storage.root", config, configuration),
                      directory));
              directories.keep(fileSets.gathering(run));
              progress.line(
                  "the jobs that are done are kept for %s: the same command with --resume uses them, 'bin/starfire batch clean --resumable' deletes them"
                      .formatted(keep));
            }
          });
    } catch (StarfireException e) {
      // Why the run ends is said by its own failure.
      failure.addSuppressed(e);
    }
  }

  private RunDirectories directories(SegmentUpload upload, RunFiles files) {
    RunDirectories directories = new RunDirectories(configuration, progress);
    directories.add(directory);
    directories.add(upload.stagingDirectory(run));
    files.directory().ifPresent(directories::add);
    String local = configuration.get("hadoop.tmp.dir");
    if (local.endsWith(run)) {
      directories.add("file://" + local);
    }
    return directories;
  }

  /** Also shows, before any work is done, that the file system takes changes. */
  private void write(Prepared prepared, Plan plan) {
    Storage storage = Storage.of(directory, configuration);
    storage.makeDirectory(directory);
    prepared.tables().write(storage);
    if (prepared.kept() == null) {
      KeptRun itself =
          KeptRun.of(
              options,
              plan,
              prepared.pin(),
              prepared.inputs(),
              prepared.settings().beganAtMillis());
      KeptRuns.write(directory, itself, configuration);
    }
  }

  /** What it takes to publish. */
  private record Publishing(
      StarfireClient coordinator, String version, SegmentUpload upload, RunFiles files) {}

  private BatchReport compute(
      Prepared prepared, List<Interval> tiles, Publishing publishing, Patience patience) {
    RunSettings settings = prepared.settings();
    Pin pin = prepared.pin();
    Plan plan = settings.plan();
    RunJobs jobs =
        new RunJobs(
            settings,
            tiles,
            prepared.inputs(),
            new RunJobs.Place(directory, publishing.upload().stagingDirectory(run)),
            configuration,
            clock,
            progress,
            patience);
    jobsMayRun = true;
    jobs.run();
    jobsMayRun = false;
    String deadLetters = keepDeadLetters(jobs.deadLetterDirectories());
    Published published = null;
    List<WrittenFiles> files;
    if (plan.dataSources().isEmpty()) {
      files =
          patience.during(
              "the file system of starfire.files.root",
              () -> {
                publishing.files().complete(jobs, publishing.version(), "");
                KeptRuns.forget(directory, configuration);
                return publishing.files().turn("");
              });
    } else {
      published = publish(settings, jobs, pin, publishing, patience);
      files = turn(published, publishing.files(), patience);
    }
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
        files,
        plan.topics().stream().map(TopicNode::label).toList(),
        deadLetters);
  }

  /** Files show what data sources show, and not before. */
  private List<WrittenFiles> turn(Published published, RunFiles files, Patience patience) {
    return patience.during(
        "the file system of starfire.files.root",
        () ->
            published.state() == State.ACTIVE
                ? files.turn(published.publicationId())
                : files.waiting(published.publicationId()));
  }

  /** All sinks are one publication: they become active together, or none of them. */
  private Published publish(
      RunSettings settings, RunJobs jobs, Pin pin, Publishing publishing, Patience patience) {
    SegmentUpload upload = publishing.upload();
    List<PlannedSegment> planned = new ArrayList<>();
    for (DataSourceNode sink : settings.plan().dataSources()) {
      planned.addAll(
          PlannedSegment.all(
              sink.dataSource().schema(),
              List.of(options.interval()),
              publishing.version(),
              jobs.shards(settings.plan().indexOf(sink))));
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
      patience.during(
          "the file system of starfire.files.root",
          () -> publishing.files().complete(jobs, publishing.version(), request.id()));
      patience.during(
          "deep storage to take the segments", () -> store(request, planned, publishing));
      KeptRuns.forget(directory, configuration);
      return publisher.publish(request);
    } catch (StarfireException e) {
      if (e.code() == ErrorCode.NOT_PUBLISHABLE) {
        Uninterrupted.run(() -> publishing.files().discard(request.id()));
      }
      throw e;
    }
  }

  private static void store(
      PublicationRequest request, List<PlannedSegment> planned, Publishing publishing) {
    try {
      publishing.upload().store(request, planned);
    } catch (RuntimeException | Error e) {
      Uninterrupted.run(() -> takeBack(request, publishing.files(), e));
      throw e;
    }
  }

  private static void takeBack(PublicationRequest request, RunFiles files, Throwable failure) {
    try {
      files.takeBack(request.id());
    } catch (StarfireException e) {
      failure.addSuppressed(e);
    }
  }

  private static List<DataSourceSchema> schemas(Plan plan) {
    return plan.dataSources().stream().map(sink -> sink.dataSource().schema()).toList();
  }

  private static List<String> dataSources(Plan plan) {
    return plan.dataSources().stream().map(sink -> sink.dataSource().schema().name()).toList();
  }

  /** Asks for the version of the run, before anything that costs time. */
  private String version(Plan plan, StarfireClient coordinator) {
    if (plan.dataSources().isEmpty()) {
      return Times.format(clock.millis());
    }
    for (DataSourceNode sink : plan.dataSources()) {
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
