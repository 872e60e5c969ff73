package io.starfire.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.stream.watermark.Idleness;
import io.starfire.stream.watermark.Mark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BlockTest {
  private static BlockReader reader(byte[] block) {
    return new BlockReader("a-log", new LogRecord.Block(-1, block));
  }

  private static LogRecord.Origin origin(long offset) {
    return new LogRecord.Origin(3, 65_535, 17, offset);
  }

  /** All entries as text. */
  private static List<String> entries(byte[] block) {
    BlockReader entry = reader(block);
    List<String> entries = new ArrayList<>();
    while (entry.next()) {
      entries.add(
          entry.isMark()
              ? entry.mark().toString()
              : event(
                  entry.input(), entry.key(), entry.timeMillis(), entry.origin(), entry.value()));
    }
    return entries;
  }

  private static String event(
      int input, byte[] key, long timeMillis, LogRecord.Origin origin, byte[] value) {
    return input
        + " "
        + Arrays.toString(key)
        + " "
        + timeMillis
        + " "
        + origin
        + " "
        + Arrays.toString(value);
  }

  @Test
  void whatWasPutIntoABlockComesOutInOrder() {
    Random random = new Random(7);
    BlockWriter writer = new BlockWriter();
    for (int block = 0; block < 50; block++) {
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(40); i++) {
        if (random.nextInt(5) == 0) {
          long watermark = random.nextInt();
          Mark mark = new Mark("stage" + i, i, 99, watermark, watermark - i, 7, new Idleness(i, 5));
          writer.mark(mark);
          expected.add(mark.toString());
        } else {
          byte[] key = random.nextBoolean() ? bytes(random, 200) : null;
          LogRecord.Origin origin = random.nextBoolean() ? origin(random.nextLong()) : null;
          byte[] value = bytes(random, 5_000);
          long at = random.nextLong();
          int input = random.nextInt(256);
          writer.event(input, key, at, origin, value);
          expected.add(event(input, key, at, origin, value));
        }
      }
      assertThat(entries(writer.take())).isEqualTo(expected);
      assertThat(writer.isEmpty()).isTrue();
    }
  }

  private static byte[] bytes(Random random, int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void aBlockIsFullBeforeItIsLargerThanTwiceAnEventOrHasEventsOfAnotherPartition() {
    BlockWriter writer = new BlockWriter();
    byte[] large = new byte[10_000];
    assertThat(writer.isFullFor(null, new byte[1 << 20], origin(1))).isFalse();
    writer.event(0, null, 1, origin(1), large);
    assertThat(writer.isFullFor(null, large, origin(2))).isTrue();
    assertThat(writer.isFullFor(null, new byte[10], origin(2))).isFalse();
    assertThat(writer.isFullFor(null, new byte[10], new LogRecord.Origin(3, 0, 17, 2))).isTrue();
    assertThat(writer.isFullFor(null, new byte[10], null)).isFalse();
  }

  @Test
  void aBlockThatIsCutOffOrDamagedIsRefusedWithItsTopic() {
    BlockWriter writer = new BlockWriter();
    writer.event(1, "key".getBytes(UTF_8), 5, origin(1), "value".getBytes(UTF_8));
    byte[] block = writer.take();
    for (int length = 1; length < block.length; length++) {
      if (length == BlockWriter.HEADER_BYTES) {
        continue;
      }
      byte[] cut = Arrays.copyOf(block, length);
      assertThatThrownBy(() -> entries(cut))
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT))
          .hasMessageStartingWith("a record of topic 'a-log' was not written by this version");
    }
    block[BlockWriter.HEADER_BYTES] = 9;
    assertThatThrownBy(() -> entries(block)).isInstanceOf(StarfireException.class);
  }
}
