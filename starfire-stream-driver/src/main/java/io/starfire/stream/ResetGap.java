package io.starfire.stream;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.event.DataSourceSchema;
import io.starfire.plan.Reach;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * The records that a stream has read before, and does not read again after a reset. Their rows are
 * withdrawn with all others, and the stream does not make them again; a batch run does. Immutable.
 *
 * @param offsets by topic and partition the end, exclusive, of what is not read again
 * @param untilMillis what is not read again was stamped before this time; empty if that is unknown
 */
record ResetGap(
    StreamReset.Subject subject,
    Map<String, Map<Integer, Long>> offsets,
    OptionalLong untilMillis) {

  /**
   * @param reached up to where the present generation has read
   * @param starts where the next one begins
   */
  static ResetGap of(
      GroupOffsets groups,
      StreamReset.Subject subject,
      StartFrom from,
      Map<TopicPartition, Long> reached,
      Map<TopicPartition, Long> starts) {
    Map<TopicPartition, Long> skipped = new HashMap<>();
    starts.forEach(
        (partition, start) -> {
          long end = Math.min(start, reached.getOrDefault(partition, start));
          if (end > 0) {
            skipped.put(partition, end);
          }
        });
    Map<String, Map<Integer, Long>> offsets = new TreeMap<>();
    skipped.forEach(
        (partition, end) ->
            offsets
                .computeIfAbsent(partition.topic(), topic -> new TreeMap<>())
                .put(partition.partition(), end));
    return new ResetGap(subject, offsets, untilMillis(groups, from, skipped, starts));
  }

  /** Records that Kafka has deleted were not stamped after the first one that it has left. */
  private static OptionalLong untilMillis(
      GroupOffsets groups,
      StartFrom from,
      Map<TopicPartition, Long> skipped,
      Map<TopicPartition, Long> starts) {
    if (skipped.isEmpty()) {
      return OptionalLong.empty();
    }
    Map<TopicPartition, Long> logStarts = groups.logStarts(skipped.keySet());
    Map<TopicPartition, Long> firstStamps = groups.firstStamps(skipped.keySet());
    long untilMillis = from.kind() == StartFrom.Kind.TIME ? from.timeMillis() : Times.MIN_MILLIS;
    for (TopicPartition partition : skipped.keySet()) {
      if (starts.get(partition).equals(logStarts.get(partition))) {
        long firstMillis = firstStamps.get(partition);
        if (firstMillis < 0) {
          return OptionalLong.empty();
        }
        untilMillis = Math.max(untilMillis, firstMillis + 1);
      }
    }
    return OptionalLong.of(untilMillis);
  }

  /** What a data source lacks then, and how to mend it; empty if nothing is skipped. */
  String of(DataSourceSchema schema) {
    if (offsets.isEmpty()) {
      return "";
    }
    List<String> topics = new ArrayList<>();
    offsets.forEach(
        (topic, ends) -> topics.add("%s of topic '%s'".formatted(Ranges.upTo(ends), topic)));
    String end = untilMillis.isPresent() ? end(schema.segmentGranularity()) : "NOW";
    return "rows of %s are withdrawn and not made again, because these offsets are not read again; hours before %s are then missing or not complete, unless a batch run has published them: fill them with 'bin/starfire batch CLASS --interval FIRST_HOUR/%s'"
        .formatted(String.join(", ", topics), end, end);
  }

  /**
   * The end of the last bucket in which rows may lack an event that was stamped before the time.
   */
  private String end(Granularity granularity) {
    long lastMillis = Math.max(Times.MIN_MILLIS, untilMillis.getAsLong() - 1);
    Interval bucket = granularity.bucket(lastMillis);
    Interval needed =
        Reach.of(subject.plan(), subject.grants(), bucket).hullOfSources(subject.plan());
    long backMillis = bucket.startMillis() - needed.startMillis();
    long reachedMillis = Math.min(Times.END_MILLIS - 1, lastMillis + backMillis);
    return Times.format(granularity.bucket(reachedMillis).endMillis());
  }
}
