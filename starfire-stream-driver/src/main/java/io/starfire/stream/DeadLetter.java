package io.starfire.stream;

import io.starfire.event.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * A record on its way to the dead-letter topic. Key and value are those of the raw record; of a
 * LATE event they are the canonical bytes of its key and of the event, which header {@code
 * starfire.content} says ({@code raw} or {@code canonical}). The further headers, in UTF-8: {@code
 * starfire.outcome}, {@code starfire.reason}, {@code starfire.operator}, and the coordinates {@code
 * starfire.source}, {@code starfire.topic}, {@code starfire.partition}, {@code starfire.offset}.
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier, never compared
record DeadLetter(byte[] key, byte[] value, List<Header> headers) {
  static final String OUTCOME = "starfire.outcome";
  static final String REASON = "starfire.reason";
  static final String OPERATOR = "starfire.operator";
  static final String CONTENT = "starfire.content";
  static final String SOURCE = "starfire.source";
  static final String TOPIC = "starfire.topic";
  static final String PARTITION = "starfire.partition";
  static final String OFFSET = "starfire.offset";

  static DeadLetter of(
      byte[] key,
      byte[] value,
      boolean raw,
      Outcome outcome,
      String operator,
      String reason,
      EdgeRecord.Origin origin,
      String topic) {
    List<Header> headers = new ArrayList<>();
    headers.add(header(OUTCOME, outcome.name()));
    headers.add(header(REASON, reason));
    headers.add(header(OPERATOR, operator));
    headers.add(header(CONTENT, raw ? "raw" : "canonical"));
    if (origin != null) {
      headers.add(header(SOURCE, origin.source()));
      headers.add(header(TOPIC, topic));
      headers.add(header(PARTITION, Integer.toString(origin.partition())));
      headers.add(header(OFFSET, Long.toString(origin.offset())));
    }
    return new DeadLetter(key, value, headers);
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
