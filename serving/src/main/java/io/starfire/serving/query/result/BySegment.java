package io.starfire.serving.query.result;

import com.fasterxml.jackson.core.JsonGenerator;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The answers of one query over each segment for itself, in Druid's shape. Immutable.
 *
 * @param parts in the order of the segments
 */
public record BySegment(List<Part> parts) implements Answer {
  /**
   * What one segment gives.
   *
   * @param segment its id
   * @param interval of the segment
   */
  public record Part(String segment, Interval interval, Answer answer) {}

  public BySegment {
    parts = List.copyOf(parts);
  }

  @Override
  public void writeTo(OutputStream out, boolean pretty) throws IOException {
    try (JsonGenerator json = AnswerJson.generator(out, pretty)) {
      json.writeStartArray();
      for (Part part : parts) {
        ByteArrayOutputStream results = new ByteArrayOutputStream();
        part.answer.writeTo(results, false);
        json.writeStartObject();
        json.writeStringField("timestamp", Times.format(part.interval.startMillis()));
        json.writeObjectFieldStart("result");
        json.writeFieldName("results");
        json.writeRawValue(results.toString(StandardCharsets.UTF_8).strip());
        json.writeStringField("segment", part.segment);
        json.writeStringField("interval", part.interval.toString());
        json.writeEndObject();
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }
}
