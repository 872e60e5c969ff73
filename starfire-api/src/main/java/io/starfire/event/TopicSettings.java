package io.starfire.event;

import io.starfire.config.StarfireConfig;
import java.time.Duration;

/**
 * The settings of a topic that a pipeline writes for other programs, from {@code
 * starfire.topics.<name>}. Immutable.
 *
 * @param name of the topic in the pipeline
 * @param topic its name at Kafka
 * @param partitions of the topic, if it is created
 * @param retention of the topic, if it is created
 */
public record TopicSettings(String name, String topic, int partitions, Duration retention) {
  private static final int MAX_PARTITIONS = 1_000;

  /** Reads the settings; a topic that is not configured has the defaults. */
  public static TopicSettings from(StarfireConfig config, String name) {
    String prefix =
        config.names("starfire.topics").contains(name)
            ? StarfireConfig.path("starfire", "topics", name)
            : "starfire.topic-defaults";
    return new TopicSettings(
        name,
        config.has(prefix + ".topic") ? config.string(prefix + ".topic") : name,
        config.integer(prefix + ".partitions", 1, MAX_PARTITIONS),
        config.duration(prefix + ".retention"));
  }
}
