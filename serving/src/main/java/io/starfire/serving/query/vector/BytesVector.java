package io.starfire.serving.query.vector;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values of any length, such as text or sketches, or null; null at first. They lie one after the
 * other in one array. A value that is replaced by a longer one leaves a gap; when half of the array
 * is gaps, they are closed. Not thread-safe.
 */
public final class BytesVector extends Vector {
  private static final int START_BYTES = 64;
  private static final int MAX_BYTES = Integer.MAX_VALUE - 64;
  private static final int NULL = -1;

  private byte[] data = {};
  private int used;
  private long gaps;
  private int[] starts = {};
  private int[] lengths = {};

  /** The bytes of all values, where {@link #start} and {@link #length} point to. */
  public byte[] data() {
    return data;
  }

  public int start(int index) {
    return starts[index];
  }

  /** Bytes of the value; negative for null. */
  public int length(int index) {
    return lengths[index];
  }

  public boolean isNull(int index) {
    return lengths[index] < 0;
  }

  /** The value as text. */
  public @Nullable String text(int index) {
    return lengths[index] < 0
        ? null
        : new String(data, starts[index], lengths[index], StandardCharsets.UTF_8);
  }

  /** Compares two values that are not null by their bytes, as unsigned numbers. */
  public static int compare(BytesVector left, int leftIndex, BytesVector right, int rightIndex) {
    int leftStart = left.starts[leftIndex];
    int rightStart = right.starts[rightIndex];
    return Arrays.compareUnsigned(
        left.data,
        leftStart,
        leftStart + left.lengths[leftIndex],
        right.data,
        rightStart,
        rightStart + right.lengths[rightIndex]);
  }

  public void setNull(int index) {
    gaps += Math.max(0, lengths[index]);
    lengths[index] = NULL;
  }

  public void set(int index, byte[] value) {
    set(index, value, 0, value.length);
  }

  public void set(int index, byte[] source, int from, int length) {
    int old = Math.max(0, lengths[index]);
    if (length > old) {
      gaps += old;
      lengths[index] = NULL;
      reserve(length);
      starts[index] = used;
      used += length;
    } else {
      gaps += old - length;
    }
    System.arraycopy(source, from, data, starts[index], length);
    lengths[index] = length;
  }

  private void reserve(int length) {
    long needed = (long) used + length;
    if (needed <= data.length) {
      return;
    }
    if (gaps > used / 2) {
      close(length);
      return;
    }
    if (needed > MAX_BYTES) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "the values of one aggregate of the query's groups take more than %,d bytes; use fewer dimensions, a coarser granularity, a filter or a shorter interval"
              .formatted(MAX_BYTES));
    }
    long roomy = Math.max(needed, Math.max(START_BYTES, 2L * used));
    data = Arrays.copyOf(data, (int) Math.min(MAX_BYTES, roomy));
  }

  private void close(int length) {
    long live = used - gaps;
    byte[] closed = new byte[(int) Math.min(MAX_BYTES, Math.max(live + length, live + live / 2))];
    int at = 0;
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] > 0) {
        System.arraycopy(data, starts[i], closed, at, lengths[i]);
        starts[i] = at;
        at += lengths[i];
      }
    }
    data = closed;
    used = at;
    gaps = 0;
  }

  @Override
  public int capacity() {
    return starts.length;
  }

  @Override
  public void grow(int capacity) {
    int old = starts.length;
    if (capacity > old) {
      starts = Arrays.copyOf(starts, capacity);
      lengths = Arrays.copyOf(lengths, capacity);
      Arrays.fill(lengths, old, capacity, NULL);
    }
  }

  @Override
  public void keep(int[] places, int count) {
    if (starts.length == 0) {
      return;
    }
    int[] keptStarts = new int[count];
    int[] keptLengths = new int[count];
    long live = 0;
    for (int i = 0; i < count; i++) {
      keptStarts[i] = starts[places[i]];
      keptLengths[i] = lengths[places[i]];
      live += Math.max(0, keptLengths[i]);
    }
    starts = keptStarts;
    lengths = keptLengths;
    gaps = used - live;
  }

  @Override
  public long bytes() {
    return data.length + 8L * starts.length;
  }

  @Override
  public void write(VectorWriter out, int count) {
    int written = Math.min(count, starts.length);
    out.putInt(written);
    for (int i = 0; i < written; i++) {
      out.putInt(lengths[i]);
    }
    for (int i = 0; i < written; i++) {
      if (lengths[i] > 0) {
        out.putBytes(data, starts[i], lengths[i]);
      }
    }
  }

  @Override
  public void read(VectorReader in, int count) {
    int read = in.count(count, Integer.BYTES);
    lengths = in.ints(read);
    starts = new int[read];
    long total = 0;
    for (int i = 0; i < read; i++) {
      starts[i] = (int) total;
      total += Math.max(0, lengths[i]);
      if (lengths[i] < NULL || total > in.remaining()) {
        throw VectorReader.damaged("a value of %d bytes".formatted(lengths[i]));
      }
    }
    data = in.bytes((int) total);
    used = data.length;
    gaps = 0;
  }
}
