package io.starfire.kafka;

import io.starfire.config.StarfireConfig;
import io.starfire.event.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * How much of a record a dead letter holds, so that every letter fits into its topic. It is at most
 * {@code maxBytes} of the value, as much of the key, and as much of the record's headers.
 * Immutable.
 *
 * @param maxBytes limit in bytes, inclusive; at least 0
 */
public record DeadLetterLimit(int maxBytes) {
  /** The header with the number of the record's headers that were left out; missing if none was. */
  public static final String HEADERS_OMITTED = "headersOmitted";

  /** Bytes for Starfire's own headers, and for what Kafka adds to a record. */
  private static final int OWN_BYTES = 16 << 10;

  public DeadLetterLimit {
    maxBytes = DeadLetter.requireMaxBytes(maxBytes);
  }

  /** The limit of a configuration. */
  public static DeadLetterLimit from(StarfireConfig config) {
    return new DeadLetterLimit(DeadLetter.maxBytes(config));
  }

  /** The largest size of a dead letter as a Kafka record, in bytes. */
  public int largestLetterBytes() {
    return 3 * maxBytes + OWN_BYTES;
  }

  /** The letter with its key and its value cut to the limit. */
  public DeadLetter cut(DeadLetter letter) {
    return letter.cutTo(maxBytes);
  }

  /**
   * The headers of a letter.
   *
   * @param original the headers of the record as it came; the first ones that fit are kept
   */
  public Headers headers(DeadLetter letter, Iterable<Header> original) {
    List<Header> kept = new ArrayList<>();
    long bytes = 0;
    int omitted = 0;
    for (Header header : original) {
      bytes += bytes(header);
      if (bytes <= maxBytes) {
        kept.add(header);
      } else {
        omitted++;
      }
    }
    Headers headers = DeadLetterHeaders.of(letter, kept);
    if (omitted > 0) {
      headers.add(
          DeadLetterHeaders.name(HEADERS_OMITTED),
          Integer.toString(omitted).getBytes(StandardCharsets.UTF_8));
    }
    return headers;
  }

  private static long bytes(Header header) {
    return header.key().getBytes(StandardCharsets.UTF_8).length
        + (header.value() == null ? 0L : header.value().length)
        + 2L * Integer.BYTES;
  }
}
