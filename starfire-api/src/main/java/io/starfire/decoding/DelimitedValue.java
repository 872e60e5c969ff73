package io.starfire.decoding;

/** A field of the current line. */
final class DelimitedValue extends FieldValue {
  private final DelimitedLine line;
  private final boolean emptyAsNull;

  /** One cache for each column; null if texts are not kept. */
  private final TextCache[] caches;

  private int column;

  DelimitedValue(DelimitedLine line, DelimitedFormat format, boolean remember) {
    this.line = line;
    this.emptyAsNull = format.emptyAsNull();
    this.caches = remember ? new TextCache[format.columns().size()] : null;
    for (int i = 0; remember && i < caches.length; i++) {
      caches[i] = new TextCache();
    }
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
    return caches == null
        ? line.text(column)
        : caches[column].get(line.bytes(column), line.from(column), line.to(column));
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
