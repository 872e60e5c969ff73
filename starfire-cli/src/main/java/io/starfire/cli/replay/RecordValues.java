package io.starfire.cli.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.UnreadableValue;
import io.starfire.event.SourceSettings;
import io.starfire.event.SourceSettings.Format;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes rows as the values of a source's records. A row is not read as an event on the way: what
 * does not fit the event is for the drivers to judge, which then both see the same.
 */
final class RecordValues {
  private final SourceSettings settings;
  // Json would sort the fields, which keep the order of the columns here.
  private final JsonMapper mapper = JsonMapper.builder().build();

  RecordValues(SourceSettings settings) {
    this.settings = settings;
  }

  /** The bytes of a record's value, in the source's format. */
  byte[] write(Map<String, Object> fields) {
    return settings.format() == Format.JSON ? json(fields) : delimited(fields);
  }

  private byte[] json(Map<String, Object> fields) {
    Map<String, Object> written = new LinkedHashMap<>();
    fields.forEach((name, value) -> written.put(name, plain(name, value)));
    try {
      return mapper.writeValueAsBytes(written);
    } catch (JsonProcessingException e) {
      throw new StarfireException(ErrorCode.INTERNAL, "a row cannot be written as JSON: " + e, e);
    }
  }

  private byte[] delimited(Map<String, Object> fields) {
    StringBuilder line = new StringBuilder();
    List<String> columns = settings.csvColumns();
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        line.append(settings.csvDelimiter());
      }
      Object value = plain(columns.get(i), fields.get(columns.get(i)));
      if (value != null) {
        line.append(quoted(value));
      }
    }
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  private String quoted(Object value) {
    if (value instanceof UnreadableValue unreadable) {
      // JSON has it as an object, which no column takes. A field of CSV is a text, which one might.
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a row cannot be written as %s: %s; let the source have the format json, or take the row out of the file"
              .formatted(settings.format().name().toLowerCase(Locale.ROOT), unreadable.reason()));
    }
    if (!(value instanceof String text)) {
      return value.toString();
    }
    boolean plain =
        !text.isEmpty()
            && text.indexOf('"') < 0
            && text.indexOf(settings.csvDelimiter()) < 0
            && text.indexOf('\n') < 0
            && text.indexOf('\r') < 0;
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  /** A value as JSON has them: times are written as the source's are. */
  private Object plain(String name, Object value) {
    if (value instanceof Instant time) {
      boolean named = settings.timeColumn() == null || isTime(name);
      return named ? time(time) : time.toString();
    }
    boolean floating = value instanceof Double || value instanceof Float;
    boolean special = floating && !Double.isFinite(((Number) value).doubleValue());
    return special ? value.toString() : value;
  }

  private boolean isTime(String name) {
    String column = settings.timeColumn();
    return name.equals(column) || name.equals(settings.fields().get(column));
  }

  private Object time(Instant time) {
    return switch (settings.timeFormat()) {
      case AUTO, ISO -> time.toString();
      case MILLIS -> (Object) time.toEpochMilli();
      case SECONDS ->
          time.getNano() == 0
              ? (Object) time.getEpochSecond()
              : BigDecimal.valueOf(time.toEpochMilli(), 3);
      case MICROS ->
          Math.addExact(
              Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
      case NANOS ->
          Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    };
  }
}
