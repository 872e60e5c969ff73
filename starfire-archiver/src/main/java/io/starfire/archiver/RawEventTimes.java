package io.starfire.archiver;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.EventDecoder;
import io.starfire.event.EventTimes;
import io.starfire.event.SourceSettings;
import io.starfire.kafka.RawRecords;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.SourceNode;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Finds the event time of raw records where they have one. Thread-safe. */
final class RawEventTimes {
  private final Map<String, Reader> readers = new TreeMap<>();
  private final EventTimes rule;

  /** What reads the records of one topic. */
  private record Reader(SourceNode source, EventDecoder<?> decoder) {}

  RawEventTimes(Plan plan, StarfireConfig config) {
    rule = EventTimes.from(config);
    for (SourceNode source : plan.sources()) {
      SourceSettings settings = SourceSettings.from(config, source.name());
      Reader reader = new Reader(source, EventDecoder.of(settings, source.type()));
      Reader other = readers.put(settings.requireTopic(), reader);
      if (other != null) {
        throw new StarfireException(
            ErrorCode.UNSUPPORTED,
            "sources '%s' and '%s' read the same topic '%s', which the archiver cannot tell the event time of; give each a topic of its own"
                .formatted(other.source().name(), source.name(), settings.topic()));
      }
    }
  }

  Set<String> topics() {
    return readers.keySet();
  }

  /** The event time by the rule of the drivers; empty for what will be UNDECODABLE or BAD_TIME. */
  OptionalLong of(ConsumerRecord<byte[], byte[]> record, long readAtMillis) {
    Reader reader = readers.get(record.topic());
    try {
      Object event = reader.decoder().decode(RawRecords.of(record));
      EventTimes.Checked time =
          rule.check(reader.source().timeOf(event), record.timestamp(), readAtMillis);
      return time.isGood() ? OptionalLong.of(time.millis()) : OptionalLong.empty();
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      // Whatever the pipeline's functions do, the bytes must be kept.
      return OptionalLong.empty();
    }
  }
}
