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
 * if it is a row of Parquet, or as {@code keyBase64} and {@code valueBase64}. Each is cut to {@code
 * starfire.dead-letters.max-bytes}, as the letters of the stream are.
 */
final class DeadLetterLine {
  private DeadLetterLine() {}

  /**
   * The line.
   *
   * @param maxBytes limit of the key and limit of the value, which are cut to it
   */
  static byte[] of(
      String source, Outcome outcome, String reason, InputRecord record, int maxBytes) {
    Map<String, Object> row = record.fields();
    byte[] value = row == null ? record.value() : row.toString().getBytes(StandardCharsets.UTF_8);
    DeadLetter.Builder letter =
        DeadLetter.of(outcome, reason).source(source).raw(record.key(), value).file(record.file());
    if (record.offset() != InputRecord.NONE) {
      letter
          .at(record.raw().topic(), record.partition(), record.offset())
          .timestamp(record.timeMillis());
    } else {
      letter.position(record.position());
    }
    return json(letter.build().cutTo(maxBytes), row != null);
  }

  private static byte[] json(DeadLetter letter, boolean isRow) {
    Map<String, Object> line = new LinkedHashMap<>(letter.fields());
    if (isRow) {
      line.put("fields", new String(letter.value(), StandardCharsets.UTF_8));
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
