package io.starfire.segment.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Interval;
import io.starfire.decoding.Quoted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code ioConfig}. Stateless. */
final class IoConfigs {
  private IoConfigs() {}

  static KafkaInput kafka(SpecObject io) {
    checkType(io, "kafka");
    String topic = io.requiredText("topic");
    if (!topic.matches("[A-Za-z0-9._-]{1,249}")) {
      throw SpecObject.invalid(
          "%s must be the name of a Kafka topic: 1 to 249 letters, digits, dots, _ or -, got %s"
              .formatted(io.pathOf("topic"), Quoted.of(topic)));
    }
    io.unsupported("topicPattern", "name one topic");
    Map<String, String> consumer =
        io.object("consumerProperties").map(ConsumerProperties::checked).orElse(Map.of());
    if (!io.has("useEarliestOffset")) {
      io.warn(
          "%s is not set: the first start reads the topic from its beginning, and Druid would read from its end; set it to false to read from the end"
              .formatted(io.pathOf("useEarliestOffset")));
    }
    boolean earliest = io.bool("useEarliestOffset", true);
    Optional<Duration> late = Tunings.period(io, "lateMessageRejectionPeriod");
    Optional<Duration> taskDuration = Tunings.period(io, "taskDuration");
    String reason = "it would drop rows";
    io.unsupported("earlyMessageRejectionPeriod", reason);
    io.unsupported("lateMessageRejectionStartDateTime", reason);
    io.unsupported("boundedStreamConfig", "a supervisor reads until it is suspended");
    checkCounts(io);
    io.has("inputFormat");
    io.ignore("no idle state is entered", "idleConfig");
    io.ignore(
        "Starfire has no tasks; one process reads the topic",
        "taskCount",
        "replicas",
        "period",
        "startDelay",
        "completionTimeout",
        "pollTimeout",
        "stopTaskCount",
        "stopTaskCountRatio",
        "autoScalerConfig",
        "emitTimeLagMetrics",
        "serverPriorityToReplicas");
    io.unsupported("configOverrides", "write the properties into consumerProperties");
    io.unsupported("multiTopic", "name one topic");
    io.refuseOthers();
    return new KafkaInput(topic, consumer, earliest, late, taskDuration);
  }

  /** Checked although they are ignored: a spec with words for numbers is a mistake anywhere. */
  private static void checkCounts(SpecObject io) {
    io.integer("taskCount", 1, Integer.MAX_VALUE);
    io.integer("replicas", 1, Integer.MAX_VALUE);
    Tunings.period(io, "period");
    Tunings.period(io, "completionTimeout");
  }

  static FileInput files(SpecObject io, List<Interval> intervals) {
    checkType(io, "index_parallel");
    io.has("inputFormat");
    if (io.bool("appendToExisting", false)) {
      throw SpecObject.unsupported(
          "%s is not supported: a run replaces all rows of its intervals"
              .formatted(io.pathOf("appendToExisting")));
    }
    boolean drop = io.bool("dropExisting", false);
    if (drop && intervals.isEmpty()) {
      throw SpecObject.invalid(
          "%s needs dataSchema.granularitySpec.intervals, which say what is replaced"
              .formatted(io.pathOf("dropExisting")));
    }
    Optional<SpecObject> source = io.object("inputSource");
    io.refuseOthers();
    if (source.isEmpty()) {
      return new FileInput(Optional.empty(), "*", List.of(), intervals, drop);
    }
    SpecObject local = source.get();
    String kind = local.requiredText("type");
    if (!kind.equals("local")) {
      throw SpecObject.unsupported(
          "%s '%s' is not supported; use local".formatted(local.pathOf("type"), kind));
    }
    Optional<String> directory = local.text("baseDir");
    String filter = local.text("filter").orElse("*");
    List<String> files = local.texts("files");
    local.unsupported("systemFields", "files have no system fields");
    local.refuseOthers();
    if (directory.isEmpty() == files.isEmpty()) {
      throw SpecObject.invalid("%s must have either baseDir or files".formatted(local.path()));
    }
    return new FileInput(directory, filter, files, intervals, drop);
  }

  private static void checkType(SpecObject io, String expected) {
    JsonNode type = io.raw("type");
    if (type != null && !type.asText().equals(expected)) {
      throw io.wrong(io.pathOf("type"), type, "'" + expected + "'");
    }
  }
}
