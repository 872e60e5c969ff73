package io.starfire.segment.column;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Walks through the values of a sorted dictionary, null left out, without making an object for
 * each. Stands before the first value at the start. Not thread-safe.
 */
public abstract class ValueCursor {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private int id;
  private byte[] text = {};
  private int start;
  private int end;
  private long prefix;

  /**
   * @param firstId of the first value: 1 if id 0 is null
   */
  protected ValueCursor(int firstId) {
    this.id = firstId - 1;
  }

  /** Goes on to the next value; false if there is none. */
  public abstract boolean next();

  /** Says what the next value is. */
  protected final void set(byte[] utf8, int from, int to) {
    id++;
    text = utf8;
    start = from;
    end = to;
    prefix = prefix(utf8, from, to - from);
  }

  /** Eight bytes, highest first; zeros behind the end of a shorter value. */
  private static long prefix(byte[] utf8, int from, int length) {
    if (from <= utf8.length - Long.BYTES) {
      long first = (long) LONGS.get(utf8, from);
      int missing = Long.BYTES - length;
      return missing <= 0 ? first : length == 0 ? 0 : first & (-1L << (missing * Byte.SIZE));
    }
    long first = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      first = (first << Byte.SIZE) | (i < length ? utf8[from + i] & 0xFF : 0);
    }
    return first;
  }

  /** The id of the value. */
  public final int id() {
    return id;
  }

  /** The value as text. */
  public final byte[] utf8() {
    return Arrays.copyOfRange(text, start, end);
  }

  /** The array that the value lies in until the cursor moves on; not to be changed. */
  public final byte[] text() {
    return text;
  }

  /** Where the value begins in {@link #text()}. */
  public final int start() {
    return start;
  }

  /** Where the value ends in {@link #text()}, exclusive. */
  public final int end() {
    return end;
  }

  /** Compares the value with that of another cursor, by bytes. */
  public final int compare(ValueCursor other) {
    // The first eight bytes decide nearly always; where they are equal, one may end with zeros.
    int order = Long.compareUnsigned(prefix, other.prefix);
    return order != 0
        ? order
        : Arrays.compareUnsigned(text, start, end, other.text, other.start, other.end);
  }

  /** Over a column that gives its values one by one. */
  static final class OfColumn extends ValueCursor {
    private final StringColumn column;
    private int nextId;

    OfColumn(StringColumn column, int firstId) {
      super(firstId);
      this.column = column;
      this.nextId = firstId;
    }

    @Override
    public boolean next() {
      if (nextId == column.cardinality()) {
        return false;
      }
      byte[] utf8 = column.utf8(nextId++);
      set(utf8, 0, utf8.length);
      return true;
    }
  }
}
