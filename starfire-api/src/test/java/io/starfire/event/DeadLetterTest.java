package io.starfire.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DeadLetterTest {
  @Test
  void fieldsSayWhyAndWhere() {
    DeadLetter letter =
        DeadLetter.of(Outcome.UNDECODABLE, "no JSON")
            .operator("clicks")
            .raw(null, "x".getBytes(UTF_8))
            .source("clicks")
            .at("raw", 3, 17)
            .timestamp(5)
            .build();
    assertThat(letter.fields().toString())
        .isEqualTo(
            "{outcome=UNDECODABLE, reason=no JSON, operator=clicks, content=raw, source=clicks,"
                + " topic=raw, partition=3, offset=17, timestamp=5}");
    assertThat(letter.cutTo(1)).isSameAs(letter);
  }

  @Test
  void aValueThatIsTooLongIsCutAndItsLengthAndDigestAreKept() {
    DeadLetter letter =
        DeadLetter.of(Outcome.UNDECODABLE, "no JSON")
            .raw("key".getBytes(UTF_8), "abc".getBytes(UTF_8))
            .build()
            .cutTo(2);
    assertThat(letter.value()).isEqualTo("ab".getBytes(UTF_8));
    assertThat(letter.fields())
        .containsEntry("valueBytes", 3L)
        // The digest of abc that FIPS 180-2 gives as its example.
        .containsEntry(
            "valueSha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        .containsEntry("keyBytes", 3L);
    assertThat(letter.cutTo(0).fields()).isEqualTo(letter.fields());
  }
}
