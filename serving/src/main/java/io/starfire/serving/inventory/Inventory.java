package io.starfire.serving.inventory;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.cluster.LiveScan;
import io.starfire.protocol.cluster.SupervisorRow;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.realtime.RealtimeStatus;
import io.starfire.serving.role.CoordinatorApi;
import io.starfire.serving.role.HeldRows;
import io.starfire.serving.role.LiveNode;
import io.starfire.serving.role.LivePiece;
import io.starfire.serving.supervisor.SupervisorStatus;
import io.starfire.serving.timeline.TimelineObject;
import io.starfire.serving.view.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a server has and does. Each list is made anew, of the view that queries use then.
 * Thread-safe.
 */
public final class Inventory {
  private final Sources sources;
  private final Place place;

  public Inventory(Sources sources, Place place) {
    this.sources = requireNonNull(sources, "sources");
    this.place = requireNonNull(place, "place");
  }

  /**
   * Where the lists come from.
   *
   * @param view that queries use now
   * @param served the segments that can be read now
   * @param live rows that are not committed yet
   * @param coordinator knows the publications
   * @param supervisors all of them, as they are now
   * @param readings of the topics of data sources, as they are now
   */
  public record Sources(
      Supplier<View> view,
      Supplier<Set<SegmentId>> served,
      LiveNode live,
      CoordinatorApi coordinator,
      Supplier<List<SupervisorStatus>> supervisors,
      Supplier<List<RealtimeStatus>> readings) {}

  /**
   * The process.
   *
   * @param port known when it listens
   * @param cacheMaxBytes of local copies of segments
   * @param readsTopics whether it has a real-time node
   */
  public record Place(
      String host, IntSupplier port, long startedMillis, long cacheMaxBytes, boolean readsTopics) {
    /** Host and port. */
    public String name() {
      return host + ":" + port.getAsInt();
    }
  }

  public Place place() {
    return place;
  }

  /** The view that queries use now. */
  public View view() {
    return sources.view.get();
  }

  /** The publications; the one that was registered last comes first. */
  public List<PublicationStatus> publications() {
    return sources.coordinator.publications(null);
  }

  /** The supervisors, ordered by id. */
  public List<SupervisorStatus> supervisors() {
    return sources.supervisors.get();
  }

  /** What is read from the topics of data sources. */
  public List<RealtimeStatus> readings() {
    return sources.readings.get();
  }

  /** Segments of all data sources: those that show, those that are hidden, and live rows. */
  public List<SegmentEntry> segments() {
    View view = view();
    Set<SegmentId> served = sources.served.get();
    List<SegmentEntry> all = new ArrayList<>();
    for (String dataSource : view.dataSources()) {
      all.addAll(published(view, served, dataSource));
      all.addAll(live(view, dataSource));
    }
    return all;
  }

  /** The same without live rows. */
  public List<SegmentEntry> published() {
    View view = view();
    Set<SegmentId> served = sources.served.get();
    return view.dataSources().stream()
        .flatMap(dataSource -> published(view, served, dataSource).stream())
        .toList();
  }

  /** The published segments of one data source; empty if there is none of this name. */
  public List<SegmentEntry> published(String dataSource) {
    View view = view();
    return view.dataSources().contains(dataSource)
        ? published(view, sources.served.get(), dataSource)
        : List.of();
  }

  private static List<SegmentEntry> published(View view, Set<SegmentId> served, String dataSource) {
    Set<SegmentId> showing = new HashSet<>();
    for (TimelineObject<SegmentDescriptor> piece : view.lookup(dataSource, Interval.ETERNITY)) {
      piece.objects().forEach(segment -> showing.add(segment.id()));
    }
    Columns columns = Columns.of(view, dataSource);
    return view.segments(dataSource).stream()
        .sorted(Comparator.comparing(SegmentDescriptor::id))
        .map(
            segment ->
                new SegmentEntry(
                    segment.id().toString(),
                    dataSource,
                    segment.id().interval(),
                    segment.id().version(),
                    segment.id().partition(),
                    segment.corePartitions(),
                    segment.path(),
                    segment.sizeBytes(),
                    segment.rowCount(),
                    true,
                    showing.contains(segment.id()),
                    segment.tombstone() || served.contains(segment.id()),
                    false,
                    segment.tombstone(),
                    columns.dimensions,
                    columns.metrics))
        .toList();
  }

  /** The columns of a data source by their kind. */
  private record Columns(List<String> dimensions, List<String> metrics) {
    static Columns of(View view, String dataSource) {
      DataSourceSchema schema = view.registration(dataSource).schema();
      return new Columns(
          schema.dimensions().stream().map(DimensionSpec::name).toList(),
          schema.metrics().stream().map(MetricSpec::name).toList());
    }
  }

  /** One entry for each bucket: its pieces have the same name in answers. */
  private List<SegmentEntry> live(View view, String dataSource) {
    Map<String, SegmentEntry> buckets = new LinkedHashMap<>();
    Columns columns = Columns.of(view, dataSource);
    LiveScan all = new LiveScan(dataSource, view.committedOffsets(dataSource), Interval.ETERNITY);
    try (HeldRows<LivePiece> held = sources.live.hold(all)) {
      for (LivePiece piece : held.pieces()) {
        boolean shows = !view.visibleParts(dataSource, piece.bucket(), piece.version()).isEmpty();
        String id = piece.source(List.of(piece.bucket())).id();
        SegmentEntry before = buckets.get(id);
        buckets.put(
            id,
            new SegmentEntry(
                id,
                dataSource,
                piece.bucket(),
                piece.version(),
                0,
                0,
                "",
                0,
                piece.rows().rowCount() + (before == null ? 0 : before.rows()),
                false,
                shows,
                true,
                true,
                false,
                columns.dimensions,
                columns.metrics));
      }
    }
    return List.copyOf(buckets.values());
  }

  /** The publications and the readings of supervisors; what was registered last comes first. */
  public List<TaskEntry> tasks() {
    List<TaskEntry> tasks = new ArrayList<>();
    publications().forEach(publication -> tasks.add(task(publication)));
    for (SupervisorStatus supervisor : supervisors()) {
      if (supervisor.row().state() == SupervisorRow.State.RUNNING
          && supervisor.reading().isPresent()) {
        tasks.add(
            new TaskEntry(
                "realtime-" + supervisor.id(),
                "index_kafka",
                supervisor.id(),
                supervisor.row().postedAtMillis(),
                TaskEntry.RUNNING,
                TaskEntry.RUNNING,
                -1,
                supervisor.problem().orElse(null)));
      }
    }
    tasks.sort(Comparator.comparingLong(TaskEntry::createdMillis).reversed());
    return tasks;
  }

  private static TaskEntry task(PublicationStatus publication) {
    boolean staged = publication.state() == PublicationStatus.State.STAGED;
    boolean aborted = publication.state() == PublicationStatus.State.ABORTED;
    String runner = staged ? publication.held() ? "WAITING" : TaskEntry.RUNNING : "NONE";
    String status = staged ? TaskEntry.RUNNING : aborted ? "FAILED" : "SUCCESS";
    return new TaskEntry(
        publication.id(),
        "publication",
        String.join(",", publication.dataSources()),
        publication.registeredAtMillis(),
        status,
        runner,
        staged || aborted ? -1 : publication.activatedAtMillis() - publication.registeredAtMillis(),
        publication.reason().isEmpty() ? null : publication.reason());
  }

  /** The roles of the server. */
  public List<ServerEntry> servers() {
    Set<SegmentId> served = sources.served.get();
    View view = view();
    long used =
        view.dataSources().stream()
            .flatMap(dataSource -> view.segments(dataSource).stream())
            .filter(segment -> served.contains(segment.id()))
            .mapToLong(SegmentDescriptor::sizeBytes)
            .sum();
    List<ServerEntry> servers = new ArrayList<>();
    servers.add(role("broker", null, 0, 0, null));
    servers.add(role("coordinator", null, 0, 0, true));
    servers.add(role("historical", ServerEntry.TIER, used, place.cacheMaxBytes, null));
    if (place.readsTopics) {
      servers.add(role("indexer", ServerEntry.TIER, 0, 0, null));
    }
    servers.add(role("overlord", null, 0, 0, true));
    return servers;
  }

  private ServerEntry role(
      String type, @Nullable String tier, long usedBytes, long maxBytes, @Nullable Boolean leader) {
    return new ServerEntry(
        place.host,
        place.port.getAsInt(),
        type,
        tier,
        usedBytes,
        maxBytes,
        leader,
        place.startedMillis);
  }
}
