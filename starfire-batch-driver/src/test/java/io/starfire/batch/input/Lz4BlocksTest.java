package io.starfire.batch.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Lz4BlocksTest {
  private static byte[] stored(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Lz4Blocks.Writer writer = new Lz4Blocks.Writer(out)) {
      int half = plain.length / 2;
      writer.write(plain, 0, half);
      for (int i = half; i < Math.min(half + 10, plain.length); i++) {
        writer.write(plain[i]);
      }
      int rest = Math.min(half + 10, plain.length);
      writer.write(plain, rest, plain.length - rest);
      writer.finish();
      writer.finish();
    }
    return out.toByteArray();
  }

  private static byte[] read(byte[] stored) throws IOException {
    try (Lz4Blocks.Reader reader = new Lz4Blocks.Reader(new ByteArrayInputStream(stored))) {
      return reader.readAllBytes();
    }
  }

  private static byte[] text(int length) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) (i % 7 + i / 100 % 3);
    }
    return text;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 100, 65_535, 65_536, 65_537, 200_000})
  void whatIsWrittenIsReadAgain(int length) throws IOException {
    byte[] random = new byte[length];
    new Random(length).nextBytes(random);

    assertThat(read(stored(random))).isEqualTo(random);
    assertThat(read(stored(text(length)))).isEqualTo(text(length));
    assertThat(stored(random).length).isLessThanOrEqualTo(length + 8 * (length / 65_536 + 1));
  }

  @Test
  void whatRepeatsBecomesSmaller() throws IOException {
    assertThat(stored(text(200_000)).length).isLessThan(20_000);
  }

  @Test
  void aCutIsFoundAndSoIsADamagedBlock() throws IOException {
    byte[] stored = stored(text(100_000));
    for (int length : new int[] {1, 7, 9, stored.length - 1}) {
      assertThatThrownBy(() -> read(Arrays.copyOf(stored, length))).isInstanceOf(IOException.class);
    }
    byte[] damaged = stored.clone();
    damaged[0] = 1;
    assertThatThrownBy(() -> read(damaged)).hasMessageContaining("compressed bytes are damaged");
  }

  @Test
  void theBlockOfAContainerFileIsReadFromTheMiddleOfABuffer() throws IOException {
    byte[] plain = text(70_000);
    byte[] padded = new byte[plain.length + 20];
    System.arraycopy(plain, 0, padded, 10, plain.length);
    Lz4EdgeCodec codec = new Lz4EdgeCodec();

    ByteBuffer compressed = codec.compress(ByteBuffer.wrap(padded, 10, plain.length));

    byte[] read = new byte[plain.length];
    codec.decompress(compressed).get(read);
    assertThat(read).isEqualTo(plain);
  }
}
