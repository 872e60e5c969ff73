package io.starfire.segment.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataRow;
import io.starfire.event.DimensionSpec;
import java.util.Arrays;
import java.util.List;

/**
 * A STRING dimension. A row holds a code: the id of its one value, or the complement of the number
 * of its list. A list of one is its value, and a list of none is null.
 */
final class StringDimensionBuffer extends DimensionBuffer {
  private static final int TEXTS = 256;

  private final DimensionSpec spec;
  private final TextDictionary dictionary = new TextDictionary();
  private final ListDictionary lists = new ListDictionary();
  private final Object lock;
  private int[] codes = new int[64];
  private int staged;

  /** Texts of rows that are added together. */
  private final byte[][] utf8 = new byte[TEXTS][];

  private final int[] froms = new int[TEXTS];
  private final int[] tos = new int[TEXTS];

  StringDimensionBuffer(DimensionSpec spec, Object lock) {
    this.spec = spec;
    this.lock = lock;
  }

  @Override
  void check(DataRow row, int dimension) {
    if (row.isUtf8(dimension)) {
      return;
    }
    Object value = row.dimension(dimension);
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
  int stage(DataRow row, int dimension) {
    if (row.isUtf8(dimension)) {
      staged = dictionary.intern(row.utf8(), row.utf8From(dimension), row.utf8To(dimension));
      return Hashes.mix(staged + 1);
    }
    Object value = row.dimension(dimension);
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

  @Override
  void stageNull() {
    staged = dictionary.intern(null);
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
  void appendAll(DataRow[] added, int count, int dimension, int firstRow) {
    if (firstRow + count > codes.length) {
      codes = Arrays.copyOf(codes, Math.max(firstRow + count, firstRow * 2));
    }
    int done = 0;
    while (done < count) {
      int texts = readTexts(added, done, count, dimension);
      dictionary.internAll(utf8, froms, tos, texts, codes, firstRow + done);
      done += texts;
      if (texts == 0) {
        if (dimension < added[done].dimensionCount()) {
          int unused = stage(added[done], dimension);
        } else {
          stageNull();
        }
        codes[firstRow + done++] = staged;
      }
    }
    Arrays.fill(utf8, null);
  }

  /** Reads where the texts of rows lie, up to the first that is no text; returns how many. */
  private int readTexts(DataRow[] added, int from, int to, int dimension) {
    int most = Math.min(to - from, TEXTS);
    for (int i = 0; i < most; i++) {
      DataRow row = added[from + i];
      if (dimension >= row.dimensionCount() || !row.isUtf8(dimension)) {
        return i;
      }
      utf8[i] = row.utf8();
      froms[i] = row.utf8From(dimension);
      tos[i] = row.utf8To(dimension);
    }
    return most;
  }

  @Override
  void appendNulls(int rows) {
    if (rows > 0) {
      codes = new int[Math.max(codes.length, rows)];
      Arrays.fill(codes, 0, rows, dictionary.intern(null));
    }
  }

  @Override
  void clearRows() {
    codes = new int[64];
  }

  /** The id of null, a new one if it was not known. */
  int nullId() {
    return dictionary.intern(null);
  }

  @Override
  long dictionaryBytes() {
    return dictionary.estimatedBytes() + lists.estimatedBytes();
  }

  @Override
  long estimatedBytes() {
    return 4L * codes.length + dictionaryBytes();
  }

  @Override
  LiveStringColumn view(int rows) {
    return new LiveStringColumn(
        spec.json(), rows, codes, dictionary.texts(), lists.lists(), lists.size(), this::find);
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
