package io.starfire.kafka;

import io.starfire.decoding.RawRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Turns Kafka's records into those that decoders take. Stateless; thread-safe. */
public final class RawRecords {
  private RawRecords() {}

  /** A record that was consumed. */
  public static RawRecord of(ConsumerRecord<byte[], byte[]> record) {
    return RawRecord.ofTopic(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.key(),
        record.value(),
        of(record.headers()));
  }

  /** The headers, in their order. */
  public static List<RawRecord.Header> of(Headers headers) {
    if (!headers.iterator().hasNext()) {
      return List.of();
    }
    List<RawRecord.Header> all = new ArrayList<>();
    for (Header header : headers) {
      all.add(new RawRecord.Header(header.key(), header.value()));
    }
    return all;
  }
}
