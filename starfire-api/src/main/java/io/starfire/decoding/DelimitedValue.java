package io.starfire.decoding;

/** A field of the current line. */
final class DelimitedValue extends FieldValue {
  private final DelimitedLine line;
  private final boolean emptyAsNull;

  private int column;

  DelimitedValue(DelimitedLine line, DelimitedFormat format) {
    this.line = line;
    this.emptyAsNull = format.emptyAsNull();
  }

  void at(int newColumn) {
    column = newColumn;
  }

  @Override
  public Kind kind() {
    return emptyAsNull && line.isEmpty(column) ? Kind.NULL : Kind.TEXT;
  }

  @Override
  public String text() {
    return line.text(column);
  }

  @Override
  public byte[] utf8() {
    if (kind() == Kind.NULL) {
      return null;
    }
    byte[] bytes = line.bytes(column);
    if (!line.isAscii()) {
      Utf8Text.requireValid(bytes, line.from(column), line.to(column));
    }
    return bytes;
  }

  @Override
  public int utf8From() {
    return line.from(column);
  }

  @Override
  public int utf8To() {
    return line.to(column);
  }

  @Override
  public boolean isBlank() {
    byte[] bytes = line.bytes(column);
    for (int i = line.from(column); i < line.to(column); i++) {
      if (bytes[i] < 0 || bytes[i] > ' ') {
        return false;
      }
    }
    return true;
  }

  @Override
  public long longValue() {
    return Numerals.toLong(line.bytes(column), line.from(column), line.to(column));
  }

  @Override
  public double doubleValue() {
    return Numerals.toDouble(line.bytes(column), line.from(column), line.to(column));
  }

  @Override
  long usualIsoMillis() {
    return IsoTimes.usualMillis(line.bytes(column), line.from(column), line.to(column));
  }
}
