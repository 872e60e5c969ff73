package io.starfire.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.StarfireException;
import org.junit.jupiter.api.Test;

final class KeyHashTest {
  @Test
  void theHashIsThatOfTheSpecification() {
    assertThat(hash("")).isEqualTo(0xEF46DB3751D8E999L);
    assertThat(hash("a")).isEqualTo(0xD24EC4F1A98C6E5BL);
    assertThat(hash("abc")).isEqualTo(0x44BC2CF5AD770999L);
    assertThat(hash("xxhash")).isEqualTo(0x32DD38952C4BC720L);
    assertThat(hash("Call me Ishmael. Some years ago--never mind how long precisely-"))
        .isEqualTo(0x02A2E85470D6FD96L);
  }

  @Test
  void theHashOfAPartIsTheHashOfItsCopy() {
    byte[] bytes = "0123456789abcdefghijklmnopqrstuvwxyz0123456789".getBytes(UTF_8);
    for (int length = 0; length < 40; length++) {
      byte[] part = java.util.Arrays.copyOfRange(bytes, 3, 3 + length);
      assertThat(KeyHash.hash(bytes, 3, length)).isEqualTo(KeyHash.hash(part));
    }
  }

  @Test
  void thePartitionsOfTheseKeysNeverChange() {
    int[] partitions = new int[8];
    for (int i = 0; i < partitions.length; i++) {
      partitions[i] = KeyHash.partition(KeyCodec.encode("key-" + i), 5);
    }
    assertThat(partitions).containsExactly(0, 1, 2, 3, 2, 3, 2, 0);
  }

  @Test
  void keysSpreadEvenly() {
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[KeyHash.partition(KeyCodec.encode(i), counts.length)]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(9_500, 10_500);
    }
  }

  @Test
  void thereMustBeAPartition() {
    assertThatThrownBy(() -> KeyHash.partition(new byte[0], 0))
        .isInstanceOf(StarfireException.class)
        .hasMessage("the number of partitions must be at least 1, got 0");
  }

  private static long hash(String text) {
    return KeyHash.hash(text.getBytes(UTF_8));
  }
}
