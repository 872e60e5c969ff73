package io.starfire.cli.replay;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.EventDecoder;
import io.starfire.event.RowSchemas;
import io.starfire.event.SourceSettings;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.Planner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The source that a file is replayed to: its settings and, from a pipeline that reads it, the type
 * of its events and where their time is.
 *
 * @param settings of the source
 * @param keyColumn the field whose value is the record's key, or null for none
 * @param decoder of its events
 * @param eventTime of an event
 */
record ReplaySource(
    SourceSettings settings,
    String keyColumn,
    EventDecoder<?> decoder,
    Function<Object, Instant> eventTime) {

  /**
   * Reads the configuration and plans the pipeline.
   *
   * @param pipeline a class, or null for the one that {@code starfire.sources.<name>.pipeline}
   *     names
   * @param loader that has the class
   */
  static ReplaySource of(StarfireConfig config, String name, String pipeline, ClassLoader loader) {
    SourceSettings settings = SourceSettings.from(config, name);
    settings.requireTopic();
    String key = StarfireConfig.path("starfire", "sources", name, "pipeline");
    String className = pipeline != null || !config.has(key) ? pipeline : config.string(key);
    if (className == null) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "it is not known what an event of source '%s' is; name a pipeline that reads it with --pipeline, or set starfire.sources.%s.pipeline"
              .formatted(name, name));
    }
    Plan plan = Planner.plan(className, loader, RowSchemas.of(config));
    List<String> sources = plan.sources().stream().map(SourceNode::name).toList();
    if (!sources.contains(name)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "pipeline %s has no source '%s'; it has %s".formatted(className, name, sources));
    }
    SourceNode source = plan.sources().get(sources.indexOf(name));
    String keyColumn = StarfireConfig.path("starfire", "sources", name, "key", "column");
    return new ReplaySource(
        settings,
        config.has(keyColumn) ? config.string(keyColumn) : null,
        EventDecoder.of(settings, source.type()),
        source::timeOf);
  }

  /** The event time of a row, or null if it cannot be told: then it is due at once. */
  Instant timeOf(EventRow row, EventDecoder<?> fileDecoder) {
    try {
      Object event =
          row.fields() == null
              ? fileDecoder.decode(row.line())
              : fileDecoder.fromFields(row.fields());
      return eventTime.apply(event);
    } catch (StarfireException e) {
      if (e.code() == ErrorCode.INVALID_PIPELINE) {
        throw e;
      }
      return null;
    }
  }

  /** The record's key, or null. */
  byte[] keyOf(Map<String, Object> fields) {
    Object value = keyColumn == null ? null : fields.get(keyColumn);
    return value == null ? null : value.toString().getBytes(StandardCharsets.UTF_8);
  }
}
