package io.starfire.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.Samples.Color;
import io.starfire.event.Samples.Everything;
import io.starfire.event.Samples.Point;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RecordCodecTest {
  record Plain(String name, int count, double price, Instant at, Color color, List<Long> ids) {}

  record Tags(Map<String, Integer> tags) {}

  record Floating(double wide, float single) {}

  record Money(BigDecimal amount) {}

  record Nothing() {}

  record Times(Instant at) {}

  record Choosy(int value) {
    Choosy {
      if (value < 0) {
        throw new IllegalArgumentException("value must not be negative");
      }
    }
  }

  private record Hidden(String text, Inner inner) {
    private record Inner(long value) {}
  }

  @SuppressWarnings("ArrayRecordComponent") // What is refused.
  record VariableArity(String... texts) {}

  record WithSet(Set<String> texts) {}

  record WithIntegerKeys(Map<Integer, String> texts) {}

  record Recursive(String text, List<Recursive> children) {}

  record Generic<X>(X value) {}

  record WithGeneric(Generic<String> generic) {}

  record Doubly(Optional<Optional<String>> text) {}

  record Money$(int amount$) {}

  @Test
  void theBytesOfAPlainRecordAreThese() {
    Plain plain =
        new Plain(
            "ad", 3, 0.25, Instant.parse("2026-11-20T10:00:00.001Z"), Color.BLUE, List.of(1L));
    assertThat(hex(RecordCodec.of(Plain.class).encode(plain)))
        .isEqualTo(
            "02046164" // branch 1, 2 bytes, "ad"
                + "06" // 3
                + "000000000000d03f" // 0.25
                + "0282b4b086bf68" // branch 1, the instant
                + "0204" // branch 1, constant 2
                + "0202020200"); // branch 1, a block of 1 item: branch 1, 1L; end
  }

  @Test
  void theSchemaNamesNullFirst() {
    assertThat(RecordCodec.of(Point.class).schemaJson())
        .isEqualTo(
            "{\"type\":\"record\",\"name\":\"Samples__Point\",\"namespace\":\"io.starfire.event\","
                + "\"fields\":[{\"name\":\"x\",\"type\":\"int\"},"
                + "{\"name\":\"y\",\"type\":[\"null\",\"long\"],\"default\":null}]}");
    assertThat(RecordCodec.of(Point.class).fingerprint()).isEqualTo(4831233935903220521L);
  }

  @Test
  void everyComponentMayBeNullAndComesBackSo() {
    Everything decoded = roundTrip(Samples.empty());
    assertThat(decoded.text()).isNull();
    assertThat(decoded.boxedLarge()).isNull();
    assertThat(decoded.point()).isNull();
    assertThat(decoded.grid()).isNull();
    assertThat(decoded.maybe()).isEmpty();
  }

  @Test
  void anEmptyTextAnEmptyListAndAnEmptyMapAreNotNull() {
    Tags tags = roundTrip(new Tags(Map.of()));
    assertThat(tags.tags()).isEmpty();
    Plain plain = roundTrip(new Plain("", 0, 0, null, null, List.of()));
    assertThat(plain.name()).isEmpty();
    assertThat(plain.ids()).isEmpty();
  }

  @Test
  void listsAndMapsKeepNullsAndComeBackUnmodifiable() {
    List<Long> ids = new ArrayList<>(Arrays.asList(1L, null, 3L));
    Plain plain = roundTrip(new Plain(null, 0, 0, null, null, ids));
    assertThat(plain.ids()).containsExactly(1L, null, 3L);
    assertThatThrownBy(() -> plain.ids().add(4L)).isInstanceOf(UnsupportedOperationException.class);
    Tags tags = roundTrip(new Tags(Collections.singletonMap("a", null)));
    assertThat(tags.tags()).containsOnlyKeys("a").containsEntry("a", null);
    assertThatThrownBy(() -> tags.tags().clear()).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void theOrderOfAMapDoesNotShowInItsBytes() {
    Map<String, Integer> forward = new LinkedHashMap<>();
    Map<String, Integer> backward = new LinkedHashMap<>();
    // U+FFFD sorts below U+1F600 in UTF-8, and above it in UTF-16.
    List<String> keys = List.of("", "a", "b", "\uFFFD", "\uD83D\uDE00");
    for (int i = 0; i < keys.size(); i++) {
      forward.put(keys.get(i), i);
      backward.put(keys.get(keys.size() - 1 - i), keys.size() - 1 - i);
    }
    byte[] bytes = encode(new Tags(forward));
    assertThat(bytes).isEqualTo(encode(new Tags(backward)));
    assertThat(RecordCodec.of(Tags.class).decode(bytes).tags().keySet())
        .containsExactlyElementsOf(keys);
  }

  @Test
  void negativeZeroIsZeroAndThereIsOneNotANumber() {
    assertThat(encode(new Floating(-0.0, -0.0f))).isEqualTo(encode(new Floating(0.0, 0.0f)));
    double otherNan = Double.longBitsToDouble(0xfff8000000000123L);
    float otherSingleNan = Float.intBitsToFloat(0xffc00123);
    assertThat(encode(new Floating(otherNan, otherSingleNan)))
        .isEqualTo(encode(new Floating(Double.NaN, Float.NaN)))
        .isEqualTo(HexFormat.of().parseHex("000000000000f87f0000c07f"));
  }

  @Test
  void decimalsThatCompareAsEqualHaveEqualBytesAndKeepEveryDigit() {
    assertThat(encode(new Money(new BigDecimal("1.50"))))
        .isEqualTo(encode(new Money(new BigDecimal("1.5"))));
    assertThat(encode(new Money(new BigDecimal("0.00"))))
        .isEqualTo(encode(new Money(BigDecimal.ZERO)));
    assertThat(encode(new Money(new BigDecimal("100"))))
        .isEqualTo(encode(new Money(new BigDecimal("1E+2"))));
    BigDecimal long100 =
        new BigDecimal("12345678901234567890123456789012345678901234567890.123456789");
    assertThat(roundTrip(new Money(long100)).amount()).isEqualTo(long100);
  }

  @Test
  void instantsAreCutToMillisecondsBeforeTheEpochToo() {
    assertThat(roundTrip(new Times(Instant.ofEpochSecond(1, 1_999_999))).at())
        .isEqualTo(Instant.ofEpochMilli(1_001));
    assertThat(roundTrip(new Times(Instant.ofEpochSecond(-1, 999_999_999))).at())
        .isEqualTo(Instant.ofEpochMilli(-1));
    assertThatThrownBy(() -> encode(new Times(Instant.MAX)))
        .isInstanceOf(StarfireException.class)
        .hasMessage(
            "instant +1000000000-12-31T23:59:59.999999999Z does not fit into 64 bits of"
                + " milliseconds");
  }

  @Test
  void privateNestedAndLocalRecordsWork() {
    record Local(Hidden hidden) {}
    Local local = new Local(new Hidden("a", new Hidden.Inner(7)));
    assertThat(roundTrip(local)).isEqualTo(local);
  }

  @Test
  void aRecordWithoutComponentsHasNoBytes() {
    assertThat(encode(new Nothing())).isEmpty();
    assertThat(roundTrip(new Nothing())).isEqualTo(new Nothing());
  }

  @Test
  void aPartOfAnArrayIsRead() {
    byte[] bytes = encode(new Point(5, -9L));
    byte[] padded = new byte[bytes.length + 7];
    Arrays.fill(padded, (byte) 0xFF);
    System.arraycopy(bytes, 0, padded, 3, bytes.length);
    assertThat(RecordCodec.of(Point.class).decode(padded, 3, bytes.length))
        .isEqualTo(new Point(5, -9L));
  }

  @Test
  void oneCodecIsKeptForEachClass() {
    assertThat(RecordCodec.of(Point.class)).isSameAs(RecordCodec.of(Point.class));
  }

  @Test
  void whatIsNoEventTypeIsRefusedBySayingWhy() {
    refused(String.class, "java.lang.String is not a record; event types are Java records");
    refused(
        VariableArity.class,
        "component 'texts': arrays such as java.lang.String[] have no equality by content; use a"
            + " List");
    refused(
        WithSet.class,
        "component 'texts': type java.util.Set<java.lang.String> is not supported; use one of"
            + " String, boolean,");
    refused(
        WithIntegerKeys.class,
        "component 'texts': type java.util.Map<java.lang.Integer, java.lang.String> is not"
            + " supported");
    refused(
        Recursive.class,
        "RecordCodecTest$Recursive contains itself; event types must not be recursive");
    refused(
        Generic.class, "RecordCodecTest$Generic has type parameters; write a record without them");
    refused(
        WithGeneric.class,
        "component 'generic': type io.starfire.event.RecordCodecTest$Generic<java.lang.String> is"
            + " not supported");
    refused(
        Doubly.class,
        "component 'text': type java.util.Optional<java.util.Optional<java.lang.String>> is not"
            + " supported");
    refused(Money$.class, "has no Avro schema: Illegal character in: ");
  }

  @Test
  void aNullKeyOfAMapIsRefused() {
    Map<String, Integer> map = new HashMap<>();
    map.put(null, 1);
    assertThatThrownBy(() -> encode(new Tags(map)))
        .isInstanceOf(StarfireException.class)
        .hasMessage("a map in an event must not have a null key");
  }

  @Test
  void brokenBytesAreRefusedWithPlaceAndReason() {
    byte[] bytes = encode(new Point(300, 7L)); // d8 04 02 0e
    corrupt(
        Point.class,
        new byte[0],
        "0 bytes are not a io.starfire.event.Samples$Point: component 'x': 1 more bytes are needed"
            + " and 0 remain, at byte 0");
    corrupt(
        Point.class,
        Arrays.copyOf(bytes, 3),
        "component 'y': 1 more bytes are needed and 0 remain, at byte 3");
    corrupt(Point.class, Arrays.copyOf(bytes, 5), "1 bytes are left over, at byte 4");
    corrupt(
        Point.class,
        Samples.with(bytes, 2, 4),
        "component 'y': branch 2 of a union that has 2, at byte 3");
    corrupt(
        Point.class,
        Samples.bytes(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0),
        "a variable-length number is longer than 64 bits");
    corrupt(
        Point.class,
        Samples.bytes(0xfe, 0xff, 0xff, 0xff, 0xff, 0x0f, 0),
        "component 'x': the int is out of range");
    corrupt(
        Tags.class,
        Samples.bytes(2, 0x80, 0x80, 0x80, 0x80, 0x20),
        "component 'tags': a block of 4294967296");
    corrupt(
        Money.class,
        Samples.bytes(2, 0xfe, 0xff, 0xff, 0xff, 0x0f),
        "a string of 2147483647 bytes does not fit into the 0 that remain");
    corrupt(Money.class, Samples.bytes(2, 2, 'x'), "component 'amount': 'x' is not a decimal");
    corrupt(
        Choosy.class,
        Samples.bytes(1),
        "the constructor of io.starfire.event.RecordCodecTest$Choosy refuses the values:"
            + " java.lang.IllegalArgumentException: value must not be negative");
  }

  @Test
  void anyChangeOfAnyByteIsReadOrRefusedButNeverBreaksTheReader() {
    Random random = Seeds.random("anyChangeOfAnyByte");
    RecordCodec<Everything> codec = RecordCodec.of(Everything.class);
    for (int round = 0; round < 200; round++) {
      byte[] bytes = codec.encode(Samples.everything(random));
      for (int at = 0; at < bytes.length; at++) {
        readOrRefuse(codec, Samples.with(bytes, at, random.nextInt(256)));
      }
      readOrRefuse(codec, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      random.nextBytes(bytes);
      readOrRefuse(codec, bytes);
    }
  }

  @Test
  void randomValuesComeBackAsTheyWere() {
    Random random = Seeds.random("randomValuesComeBack");
    RecordCodec<Everything> codec = RecordCodec.of(Everything.class);
    for (int i = 0; i < 5_000; i++) {
      Everything value = Samples.everything(random);
      byte[] bytes = codec.encode(value);
      Everything decoded = codec.decode(bytes);
      assertThat(codec.encode(decoded)).isEqualTo(bytes);
      assertThat(canonical(decoded)).isEqualTo(canonical(value));
    }
  }

  /** Records compare decimals with their scale and zeros with their sign; codecs do not. */
  private static Everything canonical(Everything v) {
    Map<String, Double> numbers = v.numbers() == null ? null : new HashMap<>(v.numbers());
    if (numbers != null) {
      numbers.replaceAll((key, number) -> number == null ? null : number + 0.0);
    }
    return new Everything(
        v.text(),
        v.flag(),
        v.boxedFlag(),
        v.small(),
        v.boxedSmall(),
        v.large(),
        v.boxedLarge(),
        v.single() + 0.0f,
        v.boxedSingle() == null ? null : Float.valueOf(v.boxedSingle() + 0.0f),
        v.wide() + 0.0,
        v.boxedWide() == null ? null : Double.valueOf(v.boxedWide() + 0.0),
        v.time(),
        v.decimal() == null ? null : v.decimal().stripTrailingZeros(),
        v.color(),
        v.maybe(),
        v.maybePoint(),
        v.point(),
        v.texts(),
        v.grid(),
        numbers,
        v.colors());
  }

  private static void readOrRefuse(RecordCodec<Everything> codec, byte[] bytes) {
    try {
      codec.decode(bytes);
    } catch (StarfireException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
    }
  }

  private static void refused(Class<?> type, String message) {
    assertThatThrownBy(() -> RecordCodec.of(type))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(type.getName())
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.INVALID_PIPELINE);
  }

  record Scalars(
      String text,
      int small,
      long number,
      float rough,
      double exact,
      Double boxed,
      Instant at,
      BigDecimal decimal,
      Color color,
      Optional<String> maybe) {}

  @Test
  void aValueIsNormalisedToWhatEncodingAndDecodingGive() {
    Random random = Seeds.random("aValueIsNormalised");
    double[] doubles = {0.0, -0.0, Double.NaN, 1.5, Double.NEGATIVE_INFINITY};
    String[] texts = {"", "plain", null, "\ud83d\ude00", "half \ud83d"};
    Instant[] times = {Instant.ofEpochMilli(-5), Instant.ofEpochSecond(9, 1_000_001), null};
    for (int i = 0; i < 2_000; i++) {
      double number = doubles[random.nextInt(doubles.length)];
      Scalars value =
          new Scalars(
              texts[random.nextInt(texts.length)],
              random.nextInt(),
              random.nextLong(),
              (float) doubles[random.nextInt(doubles.length)],
              number,
              random.nextBoolean() ? null : doubles[random.nextInt(doubles.length)],
              times[random.nextInt(times.length)],
              random.nextInt(3) == 0 ? new BigDecimal("1.50") : null,
              List.of(Color.values()).get(random.nextInt(Color.values().length)),
              random.nextBoolean()
                  ? Optional.of("x")
                  : random.nextBoolean() ? Optional.empty() : null);
      assertThat(RecordCodec.of(Scalars.class).normalise(value)).isEqualTo(roundTrip(value));
    }
  }

  @Test
  void aValueThatIsCanonicalIsNotCopied() {
    Plain canonical = new Plain("a", 1, 2.5, Instant.ofEpochMilli(7), Color.RED, null);
    assertThat(RecordCodec.of(Plain.class).normalise(canonical)).isSameAs(canonical);
    double otherNan = Double.longBitsToDouble(0x7ff8000000000001L);
    Plain other = new Plain("a", 1, otherNan, null, null, null);
    assertThat(Double.doubleToRawLongBits(RecordCodec.of(Plain.class).normalise(other).price()))
        .isEqualTo(Double.doubleToRawLongBits(Double.NaN));
  }

  private static void corrupt(Class<?> type, byte[] bytes, String message) {
    assertThatThrownBy(() -> RecordCodec.of(type).decode(bytes))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.CORRUPT);
  }

  @SuppressWarnings("unchecked")
  private static <T> byte[] encode(T value) {
    return RecordCodec.of((Class<T>) value.getClass()).encode(value);
  }

  @SuppressWarnings("unchecked")
  private static <T> T roundTrip(T value) {
    RecordCodec<T> codec = RecordCodec.of((Class<T>) value.getClass());
    return codec.decode(codec.encode(value));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
