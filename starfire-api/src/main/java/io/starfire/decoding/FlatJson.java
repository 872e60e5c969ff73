package io.starfire.decoding;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads what most records are: one JSON object of scalars, without escapes. Its fields are found in
 * the bytes, and stay there. It takes no decision of its own: whatever is unusual, or wrong, is
 * left to the parser that reads all of JSON, from the start of the record. Most of the time of that
 * parser was its start for each record, and making Strings.
 *
 * <p>Records of one kind have their fields in one order. The names of the last record, and the
 * numbers of their fields, are kept; a name is then one comparison of bytes. As thread-safe as the
 * target.
 */
final class FlatJson<T> {
  /** Stands for a record that is left to the other parser. */
  private static final int OTHER = -1;

  /** After so many changes of the names they are looked up, and not kept any more. */
  private static final int MAX_CHANGES = 1000;

  private static final int MAX_FIELDS = 1000;
  private static final Names NONE = new Names(new byte[0][], new int[0]);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private final RecordTarget<T> target;
  private volatile Names names = NONE;
  private final AtomicInteger changes = new AtomicInteger();

  /** The names of the fields of a record in order, and their numbers. Immutable. */
  private static final class Names {
    private final byte[][] names;
    private final int[] fields;

    Names(byte[][] names, int[] fields) {
      this.names = names;
      this.fields = fields;
    }
  }

  FlatJson(RecordTarget<T> target) {
    this.target = target;
  }

  /** Reads a record; null if it is left to the other parser, which begins it again. */
  T read(RawRecord record) {
    byte[] bytes = record.bytes();
    int to = record.valueTo();
    int at = skipBlanks(bytes, record.valueFrom(), to);
    if (at == to || bytes[at] != '{' || !Utf8Text.isValid(bytes, at, to)) {
      return null;
    }
    RecordBuilder<T> builder = target.begin(record);
    return fields(bytes, skipBlanks(bytes, at + 1, to), to, builder) ? builder.finish() : null;
  }

  /** Reads the fields and what follows; false if the record is left to the other parser. */
  private boolean fields(byte[] bytes, int from, int to, RecordBuilder<T> builder) {
    Lookup lookup = new Lookup(names);
    FlatValue value = new FlatValue(bytes);
    int at = from;
    for (int place = 0; place < MAX_FIELDS; place++) {
      if (at == to || bytes[at] != '"') {
        return false;
      }
      int nameFrom = at + 1;
      int nameTo = stringEnd(bytes, nameFrom, to);
      if (nameTo < 0) {
        return false;
      }
      at = skipBlanks(bytes, nameTo + 1, to);
      if (at == to || bytes[at] != ':') {
        return false;
      }
      at = value.read(skipBlanks(bytes, at + 1, to), to);
      if (at < 0) {
        return false;
      }
      int field = lookup.field(place, bytes, nameFrom, nameTo);
      if (field >= 0) {
        builder.set(field, value);
      } else if (field == RecordTarget.UNKNOWN) {
        unknown(new String(bytes, nameFrom, nameTo - nameFrom, UTF_8), value, builder);
      }
      at = skipBlanks(bytes, at, to);
      if (at == to) {
        return false;
      }
      if (bytes[at] == '}') {
        lookup.keep();
        return skipBlanks(bytes, at + 1, to) == to;
      }
      if (bytes[at] != ',') {
        return false;
      }
      at = skipBlanks(bytes, at + 1, to);
    }
    return false;
  }

  /** A name without a number may have got one since: then the names are looked up again. */
  private void unknown(String name, FlatValue value, RecordBuilder<T> builder) {
    int field = target.field(name);
    if (field >= 0) {
      builder.set(field, value);
      names = NONE;
    } else if (field == RecordTarget.UNKNOWN) {
      builder.found(name, value);
    }
  }

  private static int skipBlanks(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to
        && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
      at++;
    }
    return at;
  }

  /** Where the quote after a string is; {@link #OTHER} if there is none, or it has an escape. */
  private static int stringEnd(byte[] bytes, int from, int to) {
    int at = from;
    while (at <= to - Long.BYTES) {
      long word = (long) LONGS.get(bytes, at);
      long special = zeroBytes(word ^ '"' * ONES) | zeroBytes(word ^ '\\' * ONES) | below32(word);
      if (special != 0) {
        at += Long.numberOfTrailingZeros(special) >>> 3;
        return bytes[at] == '"' ? at : OTHER;
      }
      at += Long.BYTES;
    }
    for (; at < to; at++) {
      if (bytes[at] == '"') {
        return at;
      }
      if (bytes[at] == '\\' || (bytes[at] >= 0 && bytes[at] < ' ')) {
        return OTHER;
      }
    }
    return OTHER;
  }

  /** The high bits of the bytes that are zero; right up to the first of them. */
  private static long zeroBytes(long word) {
    return (word - ONES) & ~word & HIGH_BITS;
  }

  /** The high bits of the bytes from 0 to 31; right up to the first of them. */
  private static long below32(long word) {
    return (word - ' ' * ONES) & ~word & HIGH_BITS;
  }

  /** Finds the numbers of the names of one record. */
  private final class Lookup {
    private final Names known;

    /** Those of this record, once they are others than those of the last. */
    private List<byte[]> changed;

    private List<Integer> numbers;

    Lookup(Names known) {
      this.known = known;
    }

    int field(int place, byte[] bytes, int from, int to) {
      if (changed == null
          && place < known.names.length
          && Arrays.equals(known.names[place], 0, known.names[place].length, bytes, from, to)) {
        return known.fields[place];
      }
      int field = target.field(new String(bytes, from, to - from, UTF_8));
      if (changed == null) {
        changed = new ArrayList<>(Arrays.asList(known.names).subList(0, place));
        numbers = new ArrayList<>();
        Arrays.stream(known.fields, 0, place).forEach(numbers::add);
      }
      changed.add(Arrays.copyOfRange(bytes, from, to));
      numbers.add(field);
      return field;
    }

    void keep() {
      if (changed != null && changes.getAndIncrement() < MAX_CHANGES) {
        names =
            new Names(
                changed.toArray(new byte[0][]),
                numbers.stream().mapToInt(Integer::intValue).toArray());
      }
    }
  }

  /** A scalar that lies in the bytes of a record. */
  private static final class FlatValue extends FieldValue {
    private final byte[] bytes;
    private Kind kind;
    private int from;
    private int to;

    FlatValue(byte[] bytes) {
      this.bytes = bytes;
    }

    /** Reads a value; returns where it ends, or {@link #OTHER}. */
    int read(int start, int end) {
      if (start == end) {
        return OTHER;
      }
      from = start;
      return switch (bytes[start]) {
        case '"' -> text(start + 1, end);
        case 't' -> word("true", Kind.BOOLEAN, end);
        case 'f' -> word("false", Kind.BOOLEAN, end);
        case 'n' -> word("null", Kind.NULL, end);
        default -> number(start, end);
      };
    }

    private int text(int start, int end) {
      kind = Kind.TEXT;
      from = start;
      to = stringEnd(bytes, start, end);
      return to < 0 ? OTHER : to + 1;
    }

    private int word(String word, Kind newKind, int end) {
      kind = newKind;
      if (end - from < word.length()) {
        return OTHER;
      }
      for (int i = 0; i < word.length(); i++) {
        if (bytes[from + i] != word.charAt(i)) {
          return OTHER;
        }
      }
      to = from + word.length();
      return endOfScalar(end);
    }

    private int number(int start, int end) {
      int at = start + (bytes[start] == '-' ? 1 : 0);
      int whole = at;
      at = afterDigits(at, end);
      if (at == whole || (bytes[whole] == '0' && at > whole + 1)) {
        return OTHER;
      }
      kind = Kind.INTEGER;
      if (at < end && bytes[at] == '.') {
        int fraction = at + 1;
        at = afterDigits(fraction, end);
        kind = at == fraction ? null : Kind.DECIMAL;
      }
      // An exponent, or a number of many digits, is read by the other parser.
      boolean usual = kind != null && at - start <= 100;
      to = at;
      return usual ? endOfScalar(end) : OTHER;
    }

    private int afterDigits(int start, int end) {
      int at = start;
      while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
        at++;
      }
      return at;
    }

    /** A number or a word ends where a blank, a comma or the object ends it. */
    private int endOfScalar(int end) {
      if (to == end) {
        return OTHER;
      }
      byte next = bytes[to];
      return next == ',' || next == '}' || skipBlanks(bytes, to, to + 1) > to ? to : OTHER;
    }

    @Override
    public Kind kind() {
      return kind;
    }

    @Override
    public String text() {
      return Utf8Text.decode(bytes, from, to);
    }

    @Override
    public byte[] utf8() {
      return kind == Kind.NULL ? null : bytes;
    }

    @Override
    public int utf8From() {
      return from;
    }

    @Override
    public int utf8To() {
      return to;
    }

    @Override
    public boolean isBlank() {
      if (kind != Kind.TEXT) {
        return kind == Kind.NULL;
      }
      for (int i = from; i < to; i++) {
        if (bytes[i] < 0 || bytes[i] > ' ') {
          return false;
        }
      }
      return true;
    }

    @Override
    public long longValue() {
      return Numerals.toLong(bytes, from, to);
    }

    @Override
    public double doubleValue() {
      return Numerals.toDouble(bytes, from, to);
    }

    @Override
    long usualIsoMillis() {
      return IsoTimes.usualMillis(bytes, from, to);
    }
  }
}
