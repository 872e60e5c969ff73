package io.starfire.batch.job;

import io.starfire.batch.input.InputRecord;
import io.starfire.common.Json;
import io.starfire.event.DeadLetter;
import io.starfire.event.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A {@link DeadLetter} as a line of JSON: its fields, and what the record holds as {@code fields},
 * if it is a row of Parquet, or as {@code keyBase64} and {@code valueBase64}.
 */
final class DeadLetterLine {
  private DeadLetterLine() {}

  static byte[] of(String source, Outcome outcome, String reason, InputRecord record) {
    DeadLetter.Builder letter =
        DeadLetter.of(outcome, reason)
            .source(source)
            .raw(record.key(), record.value())
            .file(record.file());
    if (record.offset() != InputRecord.NONE) {
      letter
          .at(record.raw().topic(), record.partition(), record.offset())
          .timestamp(record.timeMillis());
    } else {
      letter.position(record.position());
    }
    return json(letter.build(), record.fields());
  }

  private static byte[] json(DeadLetter letter, Map<String, Object> row) {
    Map<String, Object> line = new LinkedHashMap<>(letter.fields());
    if (row != null) {
      line.put("fields", row.toString());
    } else {
      // Jackson writes bytes as base64: they may be no text.
      if (letter.key() != null) {
        line.put("keyBase64", letter.key());
      }
      line.put("valueBase64", letter.value());
    }
    return Json.write(line).getBytes(StandardCharsets.UTF_8);
  }
}
