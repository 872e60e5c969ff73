package io.starfire.cli.replay;

import java.util.Map;

/** A row of a file of events: the bytes of a line, or fields by name. The bytes are not copied. */
final class EventRow {
  private final byte[] line;
  private final Map<String, Object> fields;

  private EventRow(byte[] line, Map<String, Object> fields) {
    this.line = line;
    this.fields = fields;
  }

  static EventRow ofLine(byte[] line) {
    return new EventRow(line, null);
  }

  static EventRow ofFields(Map<String, Object> fields) {
    return new EventRow(null, fields);
  }

  /** Null if the file is not text. */
  byte[] line() {
    return line;
  }

  /** Null if the line has to be taken apart for them. */
  Map<String, Object> fields() {
    return fields;
  }
}
