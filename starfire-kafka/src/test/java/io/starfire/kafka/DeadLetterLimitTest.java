package io.starfire.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.config.StarfireConfig;
import io.starfire.event.DeadLetter;
import io.starfire.event.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.junit.jupiter.api.Test;

final class DeadLetterLimitTest {
  @Test
  void theFirstHeadersThatFitAreKeptAndTheOthersCounted() {
    List<Header> original =
        List.of(
            new RecordHeader("a", "1".getBytes(UTF_8)),
            new RecordHeader("large", new byte[100]),
            new RecordHeader("b", null));
    DeadLetter letter = DeadLetter.of(Outcome.LATE, "late").raw(null, null).build();
    Headers headers = new DeadLetterLimit(50).headers(letter, original);
    assertThat(headers.lastHeader("a").value()).isEqualTo("1".getBytes(UTF_8));
    assertThat(headers.lastHeader("large")).isNull();
    assertThat(headers.lastHeader("b")).isNull();
    assertThat(headers.lastHeader("starfire.headersOmitted").value())
        .isEqualTo("2".getBytes(UTF_8));
    assertThat(new DeadLetterLimit(500).headers(letter, original).lastHeader("b")).isNotNull();
  }

  @Test
  void noLetterIsLargerThanIsSaid() {
    DeadLetterLimit limit = new DeadLetterLimit(10_000);
    List<Header> original = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      original.add(new RecordHeader("h", new byte[i % 3]));
    }
    DeadLetter letter =
        limit.cut(
            DeadLetter.of(Outcome.UNDECODABLE, "ü".repeat(5_000_000))
                .operator("o".repeat(250))
                .source("s".repeat(250))
                .at("t".repeat(249), Integer.MAX_VALUE, Long.MAX_VALUE)
                .raw(new byte[5_000_000], new byte[5_000_000])
                .build());
    Header[] headers = limit.headers(letter, original).toArray();
    int bytes =
        AbstractRecords.estimateSizeInBytesUpperBound(
            (byte) 2, Compression.NONE.type(), letter.key(), letter.value(), headers);
    assertThat(bytes).isBetween(25_000, limit.largestLetterBytes());
  }

  @Test
  void aLimitThatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> limit("3g"))
        .hasMessageStartingWith("starfire.dead-letters.max-bytes must be from 0 to 67108864");
    assertThat(limit("0").maxBytes()).isZero();
  }

  private static DeadLetterLimit limit(String bytes) {
    return DeadLetterLimit.from(
        StarfireConfig.fromMap(Map.of("starfire.dead-letters.max-bytes", bytes)));
  }
}
