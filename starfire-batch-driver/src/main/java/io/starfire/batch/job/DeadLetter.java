package io.starfire.batch.job;

import io.starfire.batch.BatchJson;
import io.starfire.batch.input.InputRecord;
import io.starfire.event.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The line about a record that could not be read: why, where it is, and what it holds. */
final class DeadLetter {
  private DeadLetter() {}

  static byte[] line(String source, Outcome outcome, String reason, InputRecord record) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("source", source);
    fields.put("outcome", outcome.name());
    fields.put("reason", reason);
    fields.put("file", record.file());
    if (record.offset() != InputRecord.NONE) {
      fields.put("partition", record.partition());
      fields.put("offset", record.offset());
      fields.put("timestamp", record.timeMillis());
    } else {
      fields.put("position", record.position());
    }
    if (record.fields() != null) {
      fields.put("fields", record.fields().toString());
    } else {
      // Jackson writes bytes as base64: they may be no text.
      fields.put("valueBase64", record.value());
    }
    return BatchJson.write(fields).getBytes(StandardCharsets.UTF_8);
  }
}
