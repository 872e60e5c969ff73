package io.starfire.serving.query.partial;

import io.starfire.event.ColumnType;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.vector.VectorReader;
import io.starfire.serving.query.vector.VectorWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Longs, or doubles by their bits. Not thread-safe. */
public final class NumberDictionary extends Dictionary {
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final ColumnType type;

  /** Of each id; that of null is not used. */
  private long[] values = new long[16];

  private int size = 1;
  private final Slots slots = new Slots();

  /** Of each id, for the table; empty until something is looked for. */
  private int[] hashes = {};

  /**
   * @param type LONG or DOUBLE
   */
  public NumberDictionary(ColumnType type) {
    this.type = type;
  }

  @Override
  public int size() {
    return size;
  }

  /** The long, or the bits of the double, of an id that is not null. */
  public long bits(int id) {
    return values[id];
  }

  @Override
  public @Nullable Object value(int id) {
    if (id == 0) {
      return null;
    }
    return type == ColumnType.LONG
        ? (Object) values[id]
        : (Object) Double.longBitsToDouble(values[id]);
  }

  @Override
  public int add(@Nullable Object value) {
    if (value == null) {
      return 0;
    }
    return value instanceof Long number
        ? add(number.longValue())
        : add(Double.doubleToLongBits((Double) value));
  }

  /** The id of a long, or of the bits of a double; added if it is new. */
  public int add(long bits) {
    return add(bits, hash(bits));
  }

  private int add(long bits, int hash) {
    if (hashes.length == 0) {
      hashes = new int[values.length];
      for (int id = 1; id < size; id++) {
        hashes[id] = hash(values[id]);
      }
      slots.refill(values.length, hashes, 1, size);
    }
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
      hashes = Arrays.copyOf(hashes, 2 * size);
      slots.refill(values.length, hashes, 1, size);
    }
    int place = slots.first(hash);
    for (int id = slots.entry(place); id >= 0; id = slots.entry(place)) {
      if (values[id] == bits) {
        return id;
      }
      place = slots.next(place);
    }
    values[size] = bits;
    hashes[size] = hash;
    slots.put(place, size);
    return size++;
  }

  @Override
  int hash(int id) {
    return id == 0 ? 0 : hash(values[id]);
  }

  @Override
  int addFrom(Dictionary other, int id, int hash) {
    return add(((NumberDictionary) other).values[id], hash);
  }

  @Override
  void append(Dictionary other) {
    NumberDictionary added = (NumberDictionary) other;
    int total = size + added.size - 1;
    if (hashes.length > 0) {
      // A table would have to know them too.
      hashes = new int[0];
    }
    if (total > values.length) {
      values = Arrays.copyOf(values, Math.max(total, 2 * size));
    }
    System.arraycopy(added.values, 1, values, size, added.size - 1);
    size = total;
  }

  private static int hash(long bits) {
    long hash = bits * MULTIPLIER;
    return (int) (hash ^ (hash >>> 32));
  }

  @Override
  int[] addAll(Dictionary other, QueryControl control) {
    NumberDictionary added = (NumberDictionary) other;
    int[] ids = new int[added.size];
    for (int id = 1; id < added.size; id++) {
      if (id % IDS_BETWEEN_CHECKS == 0) {
        control.check();
      }
      ids[id] = add(added.values[id]);
    }
    return ids;
  }

  @Override
  public int compare(int id, Dictionary other, int otherId) {
    if (id == 0 || otherId == 0) {
      return Boolean.compare(id != 0, otherId != 0);
    }
    long left = values[id];
    long right = ((NumberDictionary) other).values[otherId];
    return type == ColumnType.LONG
        ? Long.compare(left, right)
        : Double.compare(Double.longBitsToDouble(left), Double.longBitsToDouble(right));
  }

  @Override
  public long bytes() {
    return 8L * values.length + 4L * hashes.length + slots.bytes();
  }

  @Override
  void write(VectorWriter out) {
    out.putInt(size);
    out.putLongs(values, size);
  }

  static NumberDictionary read(ColumnType type, VectorReader in) {
    NumberDictionary read = new NumberDictionary(type);
    read.size = in.getInt();
    if (read.size < 1) {
      throw VectorReader.damaged("a dictionary of %d values".formatted(read.size));
    }
    read.values = in.longs(read.size);
    return read;
  }
}
