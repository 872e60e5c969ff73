package io.starfire.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the quick way reads, the parser of all of JSON reads in the same way. */
class FlatJsonTest {
  private static final long SEED = Long.getLong("starfire.seed", 20261128L);

  private static final String[] VALUES = {
    "\"\"",
    "\"a\"",
    "\"München\"",
    "\"eight or more bytes\"",
    "\"😀\"",
    "\"a\\n\"",
    "\" \"",
    "0",
    "-0",
    "7",
    "-12",
    "01",
    "1.50",
    "1.",
    "-",
    "1e3",
    "9223372036854775808",
    "123456789012345678901234567890.5",
    "true",
    "false",
    "null",
    "nul",
    "truely",
    "[1,\"b\"]",
    "{\"c\":2}",
    "\"2026-11-28T10:00:00Z\"",
    "\"\t\"",
    "\"open"
  };

  private static final String[] NAMES = {"a", "b", "count", "an unusual name", "é", "ignored", ""};

  @Test
  void agreesWithTheParserOnRandomRecords() {
    System.out.println("-Dstarfire.seed=" + SEED);
    Random random = new Random(SEED);
    Recorder recorder = new Recorder();
    JsonScanner<List<String>> scanner = new JsonScanner<>(recorder);
    FlatJson<List<String>> flat = new FlatJson<>(recorder);
    int quick = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] record = record(random);
      RawRecord raw = RawRecord.ofValue(record);
      Object expected = outcome(() -> scanner.readAny(raw));
      assertThat(outcome(() -> scanner.read(raw)))
          .as(new String(record, StandardCharsets.UTF_8))
          .isEqualTo(expected);
      quick += outcome(() -> flat.read(raw)) == null ? 0 : 1;
    }
    assertThat(quick).isGreaterThan(4_000);
  }

  @Test
  void aTextStaysInTheBytesOfItsRecord() {
    byte[] record = "{\"a\" : \"München\", \"b\":1.50}".getBytes(StandardCharsets.UTF_8);
    Recorder recorder = new Recorder();
    assertThat(new FlatJson<>(recorder).read(RawRecord.ofValue(record)))
        .containsExactly("a TEXT München", "b DECIMAL 1.50");
    assertThat(recorder.inPlace).isEqualTo(2);
  }

  @Test
  void namesInAnotherOrderAndNewNumbersAreSeen() {
    Recorder recorder = new Recorder();
    FlatJson<List<String>> flat = new FlatJson<>(recorder);
    for (String record : List.of("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", "{\"a\":1}")) {
      assertThat(flat.read(RawRecord.ofValue(record.getBytes(StandardCharsets.UTF_8))))
          .contains("a INTEGER 1 1");
    }
    byte[] later = "{\"later\":5}".getBytes(StandardCharsets.UTF_8);
    assertThat(flat.read(RawRecord.ofValue(later))).containsExactly("found later INTEGER 5 5");
    recorder.names.add("later");
    assertThat(flat.read(RawRecord.ofValue(later))).containsExactly("later INTEGER 5 5");
    assertThat(flat.read(RawRecord.ofValue(later))).containsExactly("later INTEGER 5 5");
  }

  private static byte[] record(Random random) {
    StringBuilder text = new StringBuilder(blanks(random)).append('{');
    int fields = random.nextInt(5);
    for (int i = 0; i < fields; i++) {
      text.append(i == 0 ? "" : ",").append(blanks(random)).append('"');
      text.append(NAMES[random.nextInt(NAMES.length)]).append('"').append(blanks(random));
      text.append(':').append(blanks(random));
      // Most values are right, so that some records are right as a whole.
      int value = random.nextInt(4) == 0 ? random.nextInt(VALUES.length) : random.nextInt(5);
      text.append(VALUES[value]).append(blanks(random));
    }
    text.append('}').append(random.nextInt(20) == 0 ? "x" : blanks(random));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(4) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static String blanks(Random random) {
    return random.nextInt(6) == 0 ? " \n" : "";
  }

  private interface Read {
    List<String> run();
  }

  /** What was read, or why not. */
  private static Object outcome(Read read) {
    try {
      return read.run();
    } catch (DecodingFailure e) {
      return e.describe();
    }
  }

  /** Writes down what it gets. */
  private static final class Recorder
      implements RecordTarget<List<String>>, RecordBuilder<List<String>> {
    private final List<String> names =
        new ArrayList<>(List.of("a", "b", "count", "an unusual name"));
    private List<String> seen = new ArrayList<>();
    private byte[] bytes;
    private int inPlace;

    @Override
    public int field(String name) {
      return name.equals("ignored")
          ? IGNORED
          : names.contains(name) ? names.indexOf(name) : UNKNOWN;
    }

    @Override
    public RecordBuilder<List<String>> begin(RawRecord record) {
      seen = new ArrayList<>();
      bytes = record.bytes();
      return this;
    }

    @Override
    public void set(int field, FieldValue value) {
      seen.add(names.get(field) + " " + shown(value));
    }

    @Override
    public void found(String name, FieldValue value) {
      seen.add("found " + Utf8Text.requireWhole(name) + " " + shown(value));
    }

    private String shown(FieldValue value) {
      return switch (value.kind()) {
        case LIST, OBJECT -> value.kind().toString();
        default -> {
          String text = value.text();
          if (value.utf8() == bytes) {
            inPlace++;
            assertThat(
                    new String(
                        bytes,
                        value.utf8From(),
                        value.utf8To() - value.utf8From(),
                        StandardCharsets.UTF_8))
                .isEqualTo(text);
          }
          yield value.kind() + " " + text + (value.isBlank() ? " blank" : "") + number(value);
        }
      };
    }

    private static String number(FieldValue value) {
      try {
        return " " + value.longValue();
      } catch (NumberFormatException | ArithmeticException e) {
        return "";
      }
    }

    @Override
    public List<String> finish() {
      return seen;
    }
  }
}
