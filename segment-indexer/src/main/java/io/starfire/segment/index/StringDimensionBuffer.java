package io.starfire.segment.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DimensionSpec;
import java.util.Arrays;
import java.util.List;

/**
 * A STRING dimension. A row holds a code: the id of its one value, or the complement of the number
 * of its list. A list of one is its value, and a list of none is null.
 */
final class StringDimensionBuffer extends DimensionBuffer {
  private final DimensionSpec spec;
  private final StringDictionary dictionary = new StringDictionary();
  private final ListDictionary lists = new ListDictionary();
  private final Object lock;
  private int[] codes = new int[64];
  private int staged;

  StringDimensionBuffer(DimensionSpec spec, Object lock) {
    this.spec = spec;
    this.lock = lock;
  }

  @Override
  void check(Object value) {
    if (value == null || value instanceof String) {
      return;
    }
    if (value instanceof List<?> list) {
      for (Object element : list) {
        if (element != null && !(element instanceof String)) {
          throw wrongType(element);
        }
      }
      return;
    }
    throw wrongType(value);
  }

  @Override
  int stage(Object value) {
    if (value instanceof List<?> list && list.size() > 1) {
      int[] ids = new int[list.size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = dictionary.intern((String) list.get(i));
      }
      staged = ~lists.intern(ids);
      return Hashes.mix(staged);
    }
    String single = single(value);
    staged = dictionary.intern(single);
    return single == null ? 0 : Hashes.mix(staged + 1);
  }

  private static String single(Object value) {
    if (value instanceof List<?> list) {
      return list.isEmpty() ? null : (String) list.get(0);
    }
    return (String) value;
  }

  @Override
  boolean holdsStaged(int row) {
    return codes[row] == staged;
  }

  @Override
  void append(int row) {
    if (row == codes.length) {
      codes = Arrays.copyOf(codes, row * 2);
    }
    codes[row] = staged;
  }

  @Override
  void appendNulls(int rows) {
    if (rows > 0) {
      codes = new int[Math.max(codes.length, rows)];
      Arrays.fill(codes, 0, rows, dictionary.intern(null));
    }
  }

  @Override
  long estimatedBytes() {
    return 4L * codes.length + dictionary.estimatedBytes() + lists.estimatedBytes();
  }

  @Override
  LiveStringColumn view(int rows) {
    return new LiveStringColumn(
        rows,
        codes,
        dictionary.values(),
        dictionary.size(),
        lists.lists(),
        lists.size(),
        this::find);
  }

  /** Looks a value up while the writer may be adding others. */
  private int find(String value) {
    synchronized (lock) {
      return dictionary.find(value);
    }
  }

  private StarfireException wrongType(Object value) {
    return new StarfireException(
        ErrorCode.INVALID_INPUT,
        "dimension '%s' takes null, a String or a List of Strings, got %s '%s'"
            .formatted(spec.name(), value.getClass().getSimpleName(), value));
  }
}
