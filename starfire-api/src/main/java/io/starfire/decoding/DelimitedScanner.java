package io.starfire.decoding;

/**
 * Reads lines of CSV or TSV. It finds the fields in the bytes and reads numbers and times from
 * them; only text becomes a String.
 */
public final class DelimitedScanner<T> implements RecordScanner<T> {
  private final DelimitedFormat format;
  private final RecordTarget<T> target;
  private final int[] fields;

  /** Null if several threads use this scanner. */
  private final State own;

  private static final class State {
    final DelimitedLine line;
    final DelimitedValue value;

    State(DelimitedFormat format) {
      line = new DelimitedLine(format.delimiter(), format.quoted(), format.columns().size());
      value = new DelimitedValue(line, format);
    }
  }

  private DelimitedScanner(DelimitedFormat format, RecordTarget<T> target, State own) {
    this.format = format;
    this.target = target;
    this.own = own;
    this.fields = format.columns().stream().mapToInt(target::field).toArray();
  }

  /** A scanner for one thread, which reads each line into the same arrays. */
  public static <T> DelimitedScanner<T> confined(DelimitedFormat format, RecordTarget<T> target) {
    return new DelimitedScanner<>(format, target, new State(format));
  }

  /** A scanner that is as thread-safe as its target. All fields of the target must be known. */
  public static <T> DelimitedScanner<T> shared(DelimitedFormat format, RecordTarget<T> target) {
    return new DelimitedScanner<>(format, target, null);
  }

  @Override
  public T read(RawRecord record) {
    State state = own == null ? new State(format) : own;
    scan(record, state.line);
    RecordBuilder<T> builder = target.begin(record);
    for (int column = 0; column < fields.length; column++) {
      int field = fields[column];
      if (field == RecordTarget.IGNORED) {
        continue;
      }
      state.value.at(column);
      if (field == RecordTarget.UNKNOWN) {
        field = target.field(format.columns().get(column));
        fields[column] = field;
      }
      if (field >= 0) {
        builder.set(field, state.value);
      } else if (field == RecordTarget.UNKNOWN) {
        builder.found(format.columns().get(column), state.value);
      }
    }
    return builder.finish();
  }

  private void scan(RawRecord record, DelimitedLine line) {
    int from = record.valueFrom();
    // A byte order mark does not belong to the first field.
    if (Utf8Text.startsWithMark(record.bytes(), from, record.valueTo())) {
      from += Utf8Text.MARK_BYTES;
    }
    if (from == record.valueTo()) {
      throw new DecodingFailure("the value is empty");
    }
    int next = line.scan(record.bytes(), from, record.valueTo());
    if (line.count() != fields.length) {
      throw new DecodingFailure(
          "%d fields were found where there are %d columns".formatted(line.count(), fields.length));
    }
    if (next < record.valueTo()) {
      throw new DecodingFailure("more than one line was found");
    }
  }
}
