package io.starfire.kafka;

import io.starfire.event.DeadLetter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The fields of a {@link DeadLetter} as headers of a Kafka record. A header's name is {@code
 * starfire.} and the name of the field; its value is text in UTF-8. Stateless; thread-safe.
 */
public final class DeadLetterHeaders {
  private static final String PREFIX = "starfire.";

  private DeadLetterHeaders() {}

  /** The header of a field of {@link DeadLetter}. */
  public static String name(String field) {
    return PREFIX + field;
  }

  /**
   * The headers of a dead letter.
   *
   * @param original the headers of the record as it came; a field replaces a header of its name
   */
  public static Headers of(DeadLetter letter, Iterable<Header> original) {
    Headers headers = new RecordHeaders();
    original.forEach(headers::add);
    letter
        .fields()
        .forEach(
            (field, value) -> {
              headers.remove(name(field));
              headers.add(name(field), value.toString().getBytes(StandardCharsets.UTF_8));
            });
    return headers;
  }
}
