package io.starfire.testkit;

import io.starfire.common.Json;
import io.starfire.common.Times;
import io.starfire.event.ResultCodec;
import io.starfire.plan.PlanNode.SinkNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The results of a topic, or of files, as values that can be compared: key and JSON. Immutable and
 * thread-safe.
 */
public final class ResultText {
  private final ResultCodec codec;

  private ResultText(ResultCodec codec) {
    this.codec = codec;
  }

  /** For a sink that is a topic, or files. */
  public static ResultText of(SinkNode sink) {
    return new ResultText(ResultCodec.of(sink.type()));
  }

  /**
   * A result as a value.
   *
   * @param key null if there is none
   * @param timeMillis event time
   * @param event its canonical bytes
   */
  public RowValue value(String key, long timeMillis, byte[] event) {
    return value(
        key, timeMillis, new String(codec.json(timeMillis, event), StandardCharsets.UTF_8));
  }

  /** A result that was read back, with its event time. */
  public static RowValue value(String key, String json) {
    Object time = Json.read(json, Map.class, "a result").get(ResultCodec.TIME);
    return value(key, Times.parse(time.toString()), json);
  }

  private static RowValue value(String key, long timeMillis, String json) {
    return new RowValue(timeMillis, Arrays.asList(key, json), List.of());
  }
}
