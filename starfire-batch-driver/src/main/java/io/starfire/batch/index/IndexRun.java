package io.starfire.batch.index;

import io.starfire.batch.Heartbeat;
import io.starfire.batch.PlannedSegment;
import io.starfire.batch.Published;
import io.starfire.batch.Publisher;
import io.starfire.batch.Retries;
import io.starfire.batch.SegmentUpload;
import io.starfire.batch.base.Progress;
import io.starfire.batch.base.TemporaryDirectory;
import io.starfire.batch.base.Uninterrupted;
import io.starfire.batch.job.ShardFile;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DataSourceSchemas;
import io.starfire.event.RowTimes;
import io.starfire.hadoop.HadoopClient;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.StarfireClient;
import io.starfire.protocol.VersionRequest;
import io.starfire.segment.storage.DeepStorageLocation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One indexing run: reads the files once, builds segments in bounded memory, puts them into deep
 * storage and publishes them. Temporary files are in a directory of the run, which is deleted at
 * the end, also after a failure. A run that failed can be started again. It gets another version
 * and another directory.
 */
public final class IndexRun {
  private final IndexOptions options;
  private final InstantSource clock;
  private final Progress progress;
  private final StarfireConfig config;
  private final StarfireClient coordinator;

  private IndexRun(IndexOptions options, InstantSource clock, Progress progress) {
    this.options = options;
    this.clock = clock;
    this.progress = progress;
    this.config = options.config();
    this.coordinator =
        new StarfireClient(
            config.string("starfire.server.coordinator-url"), "starfire.server.coordinator-url");
  }

  /**
   * Runs, on the calling thread. An interrupt ends the run.
   *
   * @return has the publication as it was when it became active, or when the wait for it ended
   * @throws StarfireException if the run is refused or fails. Nothing is published then, unless
   *     {@link Progress#registered} was called.
   */
  public static IndexReport run(IndexOptions options, Progress progress, InstantSource clock) {
    return new IndexRun(options, clock, progress).run();
  }

  private IndexReport run() {
    return options.dryRun() ? build() : publish();
  }

  /** Builds the segments and deletes them. */
  private IndexReport build() {
    IndexSpec spec = IndexSpec.read(options.spec());
    spec.warnings().forEach(warning -> progress.line("spec: " + warning));
    TemporaryDirectory temporary = TemporaryDirectory.make(options.temporaryDirectory());
    try {
      IndexWork work =
          new IndexWork(
              spec, input(spec), temporary.path(), RowTimes.from(config), clock, progress);
      work.findDimensions();
      List<ShardFile> shards = work.build();
      List<Interval> intervals =
          spec.intervals().isEmpty() ? bucketsOf(work.schema(), shards) : spec.intervals();
      return work.report(intervals, shards, null);
    } finally {
      Uninterrupted.run(() -> temporary.delete(progress));
    }
  }

  private InputFiles input(IndexSpec spec) {
    return options.files().isEmpty() ? InputFiles.of(spec.files()) : InputFiles.of(options.files());
  }

  private IndexReport publish() {
    IndexSpec spec = IndexSpec.read(options.spec());
    spec.warnings().forEach(warning -> progress.line("spec: " + warning));
    InputFiles input = input(spec);
    DeepStorageLocation location = DeepStorageLocation.from(config);
    SegmentUpload upload =
        new SegmentUpload(
            location.qualifiedRoot(), HadoopClient.configuration(location.properties()), progress);
    int unused = TemporaryDirectory.deleteDead(options.temporaryDirectory(), progress);
    TemporaryDirectory temporary = TemporaryDirectory.make(options.temporaryDirectory());
    Path directory = temporary.path();
    try {
      IndexWork work =
          new IndexWork(spec, input, directory, RowTimes.from(config), clock, progress);
      return run(spec.intervals(), work, input, upload);
    } finally {
      Uninterrupted.run(() -> temporary.delete(progress));
    }
  }

  private IndexReport run(
      List<Interval> wanted, IndexWork work, InputFiles input, SegmentUpload upload) {
    work.findDimensions();
    DataSourceSchema schema = work.schema();
    coordinator.announce(schema);
    // Asked for before anything that costs time, where that is possible.
    String early = wanted.isEmpty() ? null : version(schema, wanted, Duration.ZERO);
    List<ShardFile> shards = work.build();
    List<Interval> intervals = wanted.isEmpty() ? bucketsOf(schema, shards) : wanted;
    String version = early == null ? version(schema, intervals, activationTimeout()) : early;
    List<PlannedSegment> planned = PlannedSegment.all(schema, intervals, version, shards);
    PublicationRequest request =
        new PublicationRequest(
                schema.name(),
                intervals,
                version,
                planned.stream().map(PlannedSegment::descriptor).toList(),
                "index-%016x".formatted(DataSourceSchemas.fingerprint(schema)),
                Map.of(),
                pin(input),
                options.hold(),
                options.acceptLoss())
            .withSchemas(List.of(schema))
            .storedIn(upload.deepStorageRoot());
    Publisher publisher =
        new Publisher(coordinator, upload.unpublished(), activationTimeout(), clock, progress);
    try (Heartbeat alive = upload.unpublished().workOn(request.id())) {
      work.timed("store", () -> upload.store(request, planned));
      Published published = work.timed("publish", () -> publisher.publish(request));
      return work.report(intervals, shards, published);
    }
  }

  private Duration activationTimeout() {
    return config.duration("starfire.batch.activation-timeout");
  }

  /**
   * @param patience how long the coordinator may be away
   */
  private String version(DataSourceSchema schema, List<Interval> intervals, Duration patience) {
    VersionRequest request = new VersionRequest(schema.name(), intervals, clock.millis());
    String version =
        new Retries(patience, clock, progress)
            .ask(schema.name() + " has no version", () -> coordinator.version(request))
            .version();
    progress.line("%s: version %s".formatted(schema.name(), version));
    return version;
  }

  private static List<Interval> bucketsOf(DataSourceSchema schema, List<ShardFile> shards) {
    return shards.stream()
        .map(shard -> schema.segmentGranularity().bucket(shard.bucketStartMillis()))
        .distinct()
        .sorted()
        .toList();
  }

  private static Map<String, Object> pin(InputFiles input) {
    Map<String, Object> pin = new TreeMap<>();
    pin.put("files", input.files().stream().map(file -> file.toAbsolutePath().toString()).toList());
    pin.put("bytes", input.bytes());
    return pin;
  }
}
