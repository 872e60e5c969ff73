package io.starfire.serving.realtime;

import io.starfire.common.StarfireException;
import io.starfire.kafka.TopicAdmin;
import io.starfire.kafka.TopicFact;
import io.starfire.serving.role.RealtimeCoordination;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is done when a topic turns out to be another one of the same name: a data loss, since
 * nothing of the old topic can be read any more. It is said with both ids and what is known of the
 * offsets of both; nothing of the new topic is joined on. Used by the reading thread.
 */
final class TopicReplacement {
  private final LiveDataSource live;
  private final RealtimeCoordination coordination;
  private final TopicAdmin admin;
  private final RealtimeMetrics metrics;
  private final InstantSource clock;

  TopicReplacement(
      LiveDataSource live,
      RealtimeCoordination coordination,
      TopicAdmin admin,
      RealtimeMetrics metrics,
      InstantSource clock) {
    this.live = live;
    this.coordination = coordination;
    this.admin = admin;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Says so, and takes the rows away that were read of the old topic and cannot be committed. */
  void found(String oldId, TopicFact there) {
    String dataSource = live.schema().name();
    Map<Integer, Long> committed =
        new TreeMap<>(coordination.committedOffsets(dataSource, live.topic()));
    List<String> loaded = new ArrayList<>();
    committed.forEach(
        (partition, offset) ->
            loaded.add("partition %d up to offset %d".formatted(partition, offset)));
    List<String> dropped = noteDropped();
    live.discardChains();
    live.state(
        RealtimeState.TOPIC_REPLACED,
        "topic '%s' is not the one that was read: it was deleted and created again, or other brokers have it; data source '%s' was loaded from the topic with id %s (%s), and the new topic has id %s and holds %s; %sthe new topic is not read, because its offsets mean other records; records of the old topic that were not loaded are lost unless an archive has them; if a stream writes the topic, begin the stream anew with 'bin/starfire stream CLASS --reset'; if a supervisor reads it, go on with the new topic by 'bin/starfire supervisor new-topic %s'"
            .formatted(
                live.topic(),
                dataSource,
                oldId,
                loaded.isEmpty() ? "nothing of it is committed" : String.join(", ", loaded),
                there.id(),
                heldBy(there),
                dropped.isEmpty()
                    ? ""
                    : "rows that were read and not committed are dropped: "
                        + String.join(", ", dropped)
                        + "; ",
                dataSource));
  }

  private List<String> noteDropped() {
    List<String> dropped = new ArrayList<>();
    for (PartitionChain chain : live.chains()) {
      long start = chain.commitStart();
      long end = chain.position();
      if (start < end) {
        dropped.add("[%d, %d) of partition %d".formatted(start, end, chain.kafkaPartition()));
        if (live.lost(new LostRange(chain.kafkaPartition(), start, end, clock.instant()))) {
          metrics.lost(end - start);
        }
      }
    }
    return dropped;
  }

  private String heldBy(TopicFact topic) {
    List<String> held = new ArrayList<>();
    try {
      admin
          .ranges(live.topic(), topic.partitions())
          .forEach(
              (partition, range) -> held.add("%s of partition %d".formatted(range, partition)));
    } catch (StarfireException e) {
      return "offsets that could not be asked for";
    }
    return String.join(", ", held);
  }
}
