package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.protocol.PublicationRequest;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.serving.metadata.MetadataTransaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether a publication is whole and consistent in itself; nothing else is ever registered. */
final class PublicationCheck {
  private PublicationCheck() {}

  /**
   * Refuses what can be seen to be wrong without the metadata store, with NOT_PUBLISHABLE: the run
   * then deletes the segments.
   */
  static void checkContent(PublicationRequest request) {
    List<Interval> intervals = request.intervals().stream().sorted().toList();
    for (int i = 0; i < intervals.size(); i++) {
      Interval interval = intervals.get(i);
      if (interval.isEmpty()) {
        throw notWhole(request, "the interval %s is empty".formatted(interval));
      }
      if (i > 0 && intervals.get(i - 1).overlaps(interval)) {
        throw notWhole(
            request, "its intervals %s and %s overlap".formatted(intervals.get(i - 1), interval));
      }
    }
    for (String dataSource : request.dataSources()) {
      Map<Interval, List<SegmentDescriptor>> buckets = byBucket(request.segmentsOf(dataSource));
      for (Interval interval : intervals) {
        checkTiling(request, dataSource, interval, buckets.keySet());
      }
      buckets.forEach((bucket, segments) -> checkPartitions(request, bucket, segments));
    }
  }

  /** Segments by their interval, in order. */
  static Map<Interval, List<SegmentDescriptor>> byBucket(Collection<SegmentDescriptor> segments) {
    return segments.stream()
        .collect(
            Collectors.groupingBy(
                segment -> segment.id().interval(), TreeMap::new, Collectors.toList()));
  }

  /**
   * Refuses a version that was not handed out for these data sources and these intervals. One that
   * was handed out for other intervals may be below real-time rows of these, or may hide what still
   * arrives for them.
   */
  static void checkVersion(MetadataTransaction transaction, PublicationRequest request) {
    long version = parseVersion(request);
    for (String dataSource : request.dataSources()) {
      Optional<List<Interval>> intervals =
          Times.format(version).equals(request.version())
              ? transaction.versions().intervals(dataSource, version)
              : Optional.empty();
      if (intervals.isEmpty()) {
        throw refused(
            request,
            "version %s was not handed out for data source '%s'; ask for one at POST /starfire/v1/versions when the run starts"
                .formatted(request.version(), dataSource));
      }
      for (Interval interval : request.intervals()) {
        if (intervals.get().stream().noneMatch(asked -> asked.contains(interval))) {
          throw refused(
              request,
              "version %s was handed out for %s, and not for %s; ask for a version for all intervals of the run"
                  .formatted(request.version(), intervals.get(), interval));
        }
      }
    }
  }

  private static long parseVersion(PublicationRequest request) {
    try {
      return Times.parse(request.version());
    } catch (StarfireException e) {
      throw refused(
          request,
          "version '%s' is not a time like 2026-11-20T10:00:00.000Z".formatted(request.version()));
    }
  }

  private static void checkTiling(
      PublicationRequest request,
      String dataSource,
      Interval interval,
      Collection<Interval> buckets) {
    long reached = interval.startMillis();
    for (Interval bucket : buckets) {
      if (!interval.contains(bucket)) {
        continue;
      }
      if (bucket.startMillis() < reached) {
        throw notWhole(
            request, "the segments' interval %s overlaps the one before it".formatted(bucket));
      }
      if (bucket.startMillis() > reached) {
        throw missing(request, dataSource, new Interval(reached, bucket.startMillis()));
      }
      reached = bucket.endMillis();
    }
    if (reached < interval.endMillis()) {
      throw missing(request, dataSource, new Interval(reached, interval.endMillis()));
    }
  }

  private static StarfireException missing(
      PublicationRequest request, String dataSource, Interval gap) {
    return notWhole(
        request,
        "%s has neither segments nor a tombstone of data source '%s'; every bucket of its intervals must have one"
            .formatted(gap, dataSource));
  }

  private static void checkPartitions(
      PublicationRequest request, Interval bucket, List<SegmentDescriptor> segments) {
    boolean hasTombstone = segments.stream().anyMatch(SegmentDescriptor::tombstone);
    if (hasTombstone && segments.size() > 1) {
      throw notWhole(request, "%s has a tombstone beside other segments".formatted(bucket));
    }
    if (hasTombstone) {
      return;
    }
    int core = segments.get(0).corePartitions();
    List<Integer> numbers = new ArrayList<>();
    for (SegmentDescriptor segment : segments) {
      if (segment.corePartitions() != core || core == 0) {
        throw notWhole(
            request,
            "segment %s says that its bucket has %d core partitions where the first says %d; all must name the same number, at least 1"
                .formatted(segment.id(), segment.corePartitions(), core));
      }
      numbers.add(segment.id().partition());
    }
    TreeSet<Integer> missing = new TreeSet<>();
    for (int number = 0; number < core && missing.size() < 10; number++) {
      if (!numbers.contains(number)) {
        missing.add(number);
      }
    }
    if (!missing.isEmpty()) {
      throw notWhole(
          request, "%s lacks the core partitions %s of %d".formatted(bucket, missing, core));
    }
    if (numbers.size() != core) {
      throw notWhole(
          request,
          "%s has partitions %s, but says that it has %d core partitions"
              .formatted(bucket, numbers, core));
    }
  }

  /** What is wrong with the content is wrong for every coordinator. */
  private static StarfireException notWhole(PublicationRequest request, String why) {
    return refused(ErrorCode.NOT_PUBLISHABLE, request, why);
  }

  static StarfireException refused(PublicationRequest request, String why) {
    return refused(ErrorCode.INVALID_INPUT, request, why);
  }

  private static StarfireException refused(ErrorCode code, PublicationRequest request, String why) {
    return new StarfireException(
        code,
        "the publication of '%s' at version %s is refused: %s"
            .formatted(String.join("', '", request.dataSources()), request.version(), why));
  }
}
