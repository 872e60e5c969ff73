package io.starfire.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.StarfireException;
import io.starfire.event.Samples.Color;
import io.starfire.event.Samples.Point;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class KeyCodecTest {
  enum Other {
    RED
  }

  record OtherPoint(int x, Long y) {}

  @Test
  void nullAndAnEmptyOptionalAreNullAndAnEmptyTextIsNot() {
    assertThat(KeyCodec.encode(null)).isNull();
    assertThat(KeyCodec.encode(Optional.empty())).isNull();
    assertThat(KeyCodec.encode("")).isEqualTo(Samples.bytes(5, 0));
    assertThat(KeyCodec.encode(Optional.of(""))).isEqualTo(Samples.bytes(5, 0));
  }

  @Test
  void theBytesOfKeysAreThese() {
    assertThat(hex("ad")).isEqualTo("05046164");
    assertThat(hex(true)).isEqualTo("0101");
    assertThat(hex(-2)).isEqualTo("0203");
    assertThat(hex(-2L)).isEqualTo("0203");
    assertThat(hex(1.0f)).isEqualTo("030000803f");
    assertThat(hex(1.0)).isEqualTo("04000000000000f03f");
    assertThat(hex(Instant.ofEpochMilli(1))).isEqualTo("0602");
    assertThat(hex(new BigDecimal("1.50"))).isEqualTo("0706312e35");
    assertThat(hex(Color.GREEN)).startsWith("08").hasSize(2 + 16 + 2).endsWith("02");
    assertThat(hex(new Point(1, null))).startsWith("09").endsWith("0200");
    assertThat(hex(Arrays.asList("a", null, 1))).isEqualTo("0a060502610002" + "02");
  }

  @Test
  void aKeyIsReadBackAsItsType() {
    for (Object key :
        List.of(
            "ad",
            true,
            -2,
            -2L,
            1.5f,
            1.5,
            Instant.EPOCH,
            new BigDecimal("1.5"),
            new Point(1, null))) {
      assertThat((Object) readBack(key, key.getClass())).isEqualTo(key);
    }
    assertThat(readBack(Color.GREEN, Color.class)).isEqualTo(Color.GREEN);
    assertThat(KeyReader.of(Long.class).read(KeyCodec.encode(7))).isEqualTo(7L);
    assertThatThrownBy(() -> KeyReader.of(String.class).read(new byte[] {5, 9}))
        .isInstanceOf(StarfireException.class)
        .hasMessageStartingWith("2 bytes are not a key of type java.lang.String");
  }

  private static <K> K readBack(Object key, Class<K> type) {
    return KeyReader.of(type).read(KeyCodec.encode(key));
  }

  @Test
  void valuesThatAreEqualInMeaningAreOneKey() {
    assertThat(hex(-0.0)).isEqualTo(hex(0.0));
    assertThat(hex(Double.longBitsToDouble(0x7ff8000000000001L))).isEqualTo(hex(Double.NaN));
    assertThat(hex(new BigDecimal("100"))).isEqualTo(hex(new BigDecimal("1E2")));
    assertThat(hex(Instant.ofEpochSecond(0, 999_999))).isEqualTo(hex(Instant.EPOCH));
  }

  @Test
  void equalContentsOfDifferentTypesAreDifferentKeys() {
    assertThat(hex("")).isNotEqualTo(hex(0)).isNotEqualTo(hex(false));
    assertThat(hex(Color.RED)).isNotEqualTo(hex(Other.RED));
    assertThat(hex(new Point(1, 2L))).isNotEqualTo(hex(new OtherPoint(1, 2L)));
    assertThat(hex(List.of("a", "b"))).isNotEqualTo(hex(List.of("ab")));
    assertThat(hex(List.of(List.of("a"), List.of())))
        .isNotEqualTo(hex(List.of(List.of(), List.of("a"))));
    assertThat(hex(List.of())).isNotEqualTo(hex(Arrays.asList((Object) null)));
  }

  @Test
  void anotherTypeIsRefusedByName() {
    assertThatThrownBy(() -> KeyCodec.encode(new byte[] {1}))
        .isInstanceOf(StarfireException.class)
        .hasMessageStartingWith("a key must be a String, Boolean, Integer,")
        .hasMessageEndingWith("got a [B");
    assertThatThrownBy(() -> KeyCodec.encode(List.of(Map.of())))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("ImmutableCollections");
  }

  @Test
  void randomKeysAreEqualExactlyWhenTheirBytesAre() {
    Random random = Seeds.random("randomKeysAreEqual");
    Map<Object, String> bytesOfKey = new HashMap<>();
    Map<String, Object> keyOfBytes = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      Object key = key(random, 2);
      String bytes = hex(key);
      String before = bytesOfKey.put(key, bytes);
      assertThat(before == null || before.equals(bytes)).as("%s", key).isTrue();
      Object sameBytes = keyOfBytes.put(bytes, key);
      assertThat(sameBytes == null || sameBytes.equals(key))
          .as("%s and %s", key, sameBytes)
          .isTrue();
    }
  }

  private static Object key(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 7)) {
      case 0 -> Samples.text(random);
      case 1 -> Samples.number(random);
      case 2 -> Samples.wide(random) + 0.0;
      case 3 -> random.nextBoolean();
      case 4 -> Samples.decimal(random).stripTrailingZeros();
      case 5 -> List.of(Color.RED, Color.GREEN, Color.BLUE).get(random.nextInt(3));
      case 6 -> Instant.ofEpochMilli(random.nextInt(5));
      case 7 ->
          new Point(random.nextInt(3), random.nextBoolean() ? null : (long) random.nextInt(3));
      default ->
          Arrays.asList(
              key(random, depth - 1), random.nextBoolean() ? null : key(random, depth - 1));
    };
  }

  private static String hex(Object key) {
    return HexFormat.of().formatHex(KeyCodec.encode(key));
  }
}
