package io.starfire.serving.query.aggregate;

import static java.util.Objects.requireNonNull;

import io.starfire.event.ColumnType;
import io.starfire.serving.query.vector.BytesVector;
import io.starfire.serving.query.vector.FlagVector;
import io.starfire.serving.query.vector.LongVector;
import io.starfire.serving.query.vector.Vector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first or last values by time: a time, and a value that may be null. A value is a long: itself
 * or the bits of a double. Text is in a vector of its own; while rows are added, its long is the id
 * in the row set's dictionary. Not thread-safe.
 */
final class EndColumn extends AggregateColumn {
  private final boolean first;
  private final int maxStringBytes;
  private final FlagVector present = new FlagVector();
  private final LongVector times = new LongVector(0);
  private final LongVector values = new LongVector(0);
  private final FlagVector nulls = new FlagVector();

  /** Only of text, and only once the rows are added. */
  private final BytesVector texts = new BytesVector();

  EndColumn(boolean first, ColumnType type, int maxStringBytes) {
    super(type);
    this.first = first;
    this.maxStringBytes = maxStringBytes;
  }

  @Override
  protected List<Vector> vectors() {
    return List.of(present, times, values, nulls, texts);
  }

  @Override
  public void grow(int capacity) {
    present.grow(capacity);
    times.grow(capacity);
    values.grow(capacity);
    nulls.grow(capacity);
    if (type() == ColumnType.STRING) {
      texts.grow(capacity);
    }
  }

  boolean isFirst() {
    return first;
  }

  /** Whether a row of this time cannot be what the group wants. */
  boolean isBeaten(int group, long time) {
    if (!present.values()[group]) {
      return false;
    }
    long old = times.values()[group];
    return first ? time > old : time < old;
  }

  /** Whether the group has a value of this very time, which may be null. */
  boolean isTied(int group, long time) {
    return present.values()[group] && times.values()[group] == time;
  }

  boolean hasNull(int group) {
    return nulls.values()[group];
  }

  boolean isPresent(int group) {
    return present.values()[group];
  }

  long valueOf(int group) {
    return values.values()[group];
  }

  void set(int group, long time, long value, boolean isNull) {
    present.values()[group] = true;
    times.values()[group] = time;
    values.values()[group] = value;
    nulls.values()[group] = isNull;
  }

  void setText(int group, byte[] utf8) {
    texts.set(group, utf8);
  }

  @Override
  public void merge(AggregateColumn other, int[] from, int[] into, int count) {
    EndColumn added = (EndColumn) other;
    for (int i = 0; i < count; i++) {
      int source = from[i];
      int group = into[i];
      if (added.isPresent(source) && wins(added, source, group)) {
        set(group, added.times.values()[source], added.valueOf(source), added.hasNull(source));
        copyText(added, source, group);
      }
    }
  }

  private void copyText(EndColumn added, int source, int group) {
    if (type() != ColumnType.STRING) {
      return;
    }
    if (added.texts.isNull(source)) {
      texts.setNull(group);
    } else {
      texts.set(group, added.texts.data(), added.texts.start(source), added.texts.length(source));
    }
  }

  private boolean wins(EndColumn added, int source, int group) {
    long time = added.times.values()[source];
    if (!isTied(group, time)) {
      return !isBeaten(group, time);
    }
    if (added.hasNull(source) || hasNull(group)) {
      return !added.hasNull(source);
    }
    int order =
        type() == ColumnType.STRING
            ? BytesVector.compare(added.texts, source, texts, group)
            : compare(added.valueOf(source), valueOf(group));
    return first ? order < 0 : order > 0;
  }

  /** Compares two values that are numbers. */
  int compare(long left, long right) {
    return type() == ColumnType.LONG
        ? Long.compare(left, right)
        : Double.compare(Double.longBitsToDouble(left), Double.longBitsToDouble(right));
  }

  @Override
  public boolean isNull(int group) {
    return !isPresent(group) || hasNull(group);
  }

  @Override
  public long longAt(int group) {
    return valueOf(group);
  }

  @Override
  public double doubleAt(int group) {
    return Double.longBitsToDouble(valueOf(group));
  }

  @Override
  public @Nullable String textAt(int group) {
    String text = requireNonNull(texts.text(group), "a value that is not null");
    if (maxStringBytes == 0 || texts.length(group) <= maxStringBytes) {
      return text;
    }
    byte[] data = texts.data();
    int start = texts.start(group);
    int end = maxStringBytes;
    while (end > 0 && (data[start + end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(data, start, end, StandardCharsets.UTF_8);
  }
}
