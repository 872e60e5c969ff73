package io.starfire.serving.query.result;

import com.fasterxml.jackson.core.JsonGenerator;
import io.starfire.common.Times;
import io.starfire.serving.query.model.QueryChecks;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a query that aggregates. Immutable.
 *
 * @param shape how rows look in JSON
 * @param names of the values of each row, in order
 * @param rows in the order of the answer
 * @param zone in which the times of buckets are written
 */
public record QueryResult(Shape shape, List<String> names, List<ResultRow> rows, ZoneId zone)
    implements Answer {
  /** The shapes of Druid's answers. */
  public enum Shape {
    /** {@code {"timestamp":…,"result":{…}}}. */
    TIMESERIES,
    /** {@code {"version":"v1","timestamp":…,"event":{…}}}. */
    GROUP_BY,
    /** {@code [value,…]}. */
    GROUP_BY_ARRAY,
    /** {@code [time,value,…]}, the time in milliseconds. */
    GROUP_BY_ARRAY_WITH_TIME,
    /** {@code {"timestamp":…,"result":[{…},…]}}, with all rows that follow with one time. */
    TOP_N
  }

  public QueryResult {
    names = List.copyOf(names);
    rows = List.copyOf(rows);
    Set<String> unique = new HashSet<>(names);
    if (unique.size() != names.size()) {
      throw QueryChecks.invalid("the names %s of a result must differ", names);
    }
  }

  /** With times in UTC. */
  public QueryResult(Shape shape, List<String> names, List<ResultRow> rows) {
    this(shape, names, rows, ZoneOffset.UTC);
  }

  /** Writes the rows as a JSON array on one line. */
  public void writeTo(OutputStream out) throws IOException {
    writeTo(out, false);
  }

  @Override
  public void writeTo(OutputStream out, boolean pretty) throws IOException {
    try (JsonGenerator json = AnswerJson.generator(out, pretty)) {
      Timestamps timestamps = new Timestamps(zone);
      json.writeStartArray();
      if (shape == Shape.TOP_N) {
        writeTopN(json, timestamps);
      } else {
        for (ResultRow row : rows) {
          write(json, row, timestamps);
        }
      }
      json.writeEndArray();
    }
  }

  private void writeArray(JsonGenerator json, ResultRow row) throws IOException {
    json.writeStartArray();
    if (shape == Shape.GROUP_BY_ARRAY_WITH_TIME) {
      AnswerJson.writeValue(json, row.timeMillis());
    }
    for (Object value : row.values()) {
      AnswerJson.writeValue(json, value);
    }
    json.writeEndArray();
  }

  /** Rows that follow each other mostly have one time. Not thread-safe. */
  private static final class Timestamps {
    private final ZoneId zone;
    private @Nullable Long lastMillis;
    private @Nullable String lastText;

    Timestamps(ZoneId zone) {
      this.zone = zone;
    }

    void write(JsonGenerator json, ResultRow row) throws IOException {
      if (!Objects.equals(lastMillis, row.timeMillis())) {
        lastMillis = row.timeMillis();
        lastText = lastMillis == null ? null : Times.format(lastMillis, zone);
      }
      json.writeStringField("timestamp", lastText);
    }
  }

  private void write(JsonGenerator json, ResultRow row, Timestamps timestamps) throws IOException {
    if (shape == Shape.GROUP_BY_ARRAY || shape == Shape.GROUP_BY_ARRAY_WITH_TIME) {
      writeArray(json, row);
      return;
    }
    json.writeStartObject();
    if (shape == Shape.GROUP_BY) {
      json.writeStringField("version", "v1");
    }
    timestamps.write(json, row);
    json.writeFieldName(shape == Shape.GROUP_BY ? "event" : "result");
    writeValues(json, row);
    json.writeEndObject();
  }

  private void writeTopN(JsonGenerator json, Timestamps timestamps) throws IOException {
    for (int i = 0; i < rows.size(); i++) {
      ResultRow row = rows.get(i);
      if (i == 0 || row.bucketMillis() != rows.get(i - 1).bucketMillis()) {
        json.writeStartObject();
        timestamps.write(json, row);
        json.writeArrayFieldStart("result");
      }
      writeValues(json, row);
      if (i == rows.size() - 1 || row.bucketMillis() != rows.get(i + 1).bucketMillis()) {
        json.writeEndArray();
        json.writeEndObject();
      }
    }
  }

  private void writeValues(JsonGenerator json, ResultRow row) throws IOException {
    json.writeStartObject();
    for (int i = 0; i < names.size(); i++) {
      json.writeFieldName(names.get(i));
      AnswerJson.writeValue(json, row.values().get(i));
    }
    json.writeEndObject();
  }
}
