package io.starfire.serving.query.compute;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.control.QueryControl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.ImmutableBitmapDataProvider;

/**
 * Texts that are computed for each row. The dictionary grows as rows are read; who asks for the
 * whole of it has all rows computed. Not thread-safe.
 */
public abstract sealed class ComputedText implements StringColumn {
  private static final char REPLACEMENT = '\uFFFD';

  private final int rowCount;
  private final QueryControl control;
  private final Map<@Nullable String, Integer> ids = new HashMap<>();
  private final List<@Nullable String> values = new ArrayList<>();
  private boolean complete;

  ComputedText(int rowCount, QueryControl control) {
    this.rowCount = rowCount;
    this.control = control;
  }

  /** Memory of a text in a dictionary. */
  static long bytes(@Nullable String value) {
    return 100 + (value == null ? 0 : 2L * value.length());
  }

  /** The number of values so far: ids below it can be asked for. */
  public final int known() {
    return values.size();
  }

  /**
   * The text with half of a surrogate pair, which functions that cut can leave, replaced: it has no
   * UTF-8 of its own, and so two texts would look the same in an answer.
   */
  static @Nullable String wellFormed(@Nullable String text) {
    if (text == null) {
      return null;
    }
    StringBuilder mended = null;
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
        if (pair) {
          i++;
        } else {
          mended = mended == null ? new StringBuilder(text) : mended;
          mended.setCharAt(i, REPLACEMENT);
        }
      }
    }
    return mended == null ? text : mended.toString();
  }

  /** The same of any value, and of the elements of an array. */
  static @Nullable Object wellFormed(@Nullable Object value) {
    if (value instanceof Object[] array) {
      Object[] elements = new Object[array.length];
      Arrays.setAll(elements, i -> wellFormed(array[i]));
      return elements;
    }
    return value instanceof String text ? wellFormed(text) : value;
  }

  final int id(@Nullable String made) {
    String value = wellFormed(made);
    Integer known = ids.get(value);
    if (known != null) {
      return known;
    }
    control.reserveForExpressions(bytes(value));
    ids.put(value, values.size());
    values.add(value);
    return values.size() - 1;
  }

  private void complete() {
    if (complete) {
      return;
    }
    int[] unused = new int[RowSet.BLOCK_ROWS];
    for (int from = 0; from < rowCount; from += RowSet.BLOCK_ROWS) {
      int count = Math.min(RowSet.BLOCK_ROWS, rowCount - from);
      if (multiValued()) {
        for (int row = from; row < from + count; row++) {
          readValues(row);
        }
      } else {
        readIds(from, count, unused);
      }
    }
    complete = true;
  }

  @Override
  public final int cardinality() {
    complete();
    return values.size();
  }

  @Override
  public final @Nullable String value(int id) {
    return values.get(id);
  }

  @Override
  public final int idOf(@Nullable String value) {
    complete();
    return ids.getOrDefault(value, -1);
  }

  @Override
  public final boolean sorted() {
    return false;
  }

  @Override
  public final @Nullable ImmutableBitmapDataProvider rowsOf(int id) {
    return null;
  }

  @Override
  public void readIds(int from, int count, int[] out) {
    throw new IllegalStateException("the column has several values in a row");
  }

  @Override
  public int[] readValues(int row) {
    int[] id = new int[1];
    readIds(row, 1, id);
    return id;
  }

  /** One value in each row. */
  static final class OfProgram extends ComputedText {
    private final Program program;
    private final boolean json;

    OfProgram(Program program, boolean json, int rowCount, QueryControl control) {
      super(rowCount, control);
      this.program = program;
      this.json = json;
    }

    @Override
    public boolean isJson() {
      return json;
    }

    @Override
    public boolean multiValued() {
      return false;
    }

    @Override
    public void readIds(int from, int count, int[] out) {
      Node texts = program.run(from, count);
      String last = null;
      int lastId = -1;
      for (int i = 0; i < count; i++) {
        String text = texts.nulls[i] ? null : texts.text(i);
        // Neighbours are often the same.
        if (lastId < 0 || !Objects.equals(text, last)) {
          last = text;
          lastId = id(text);
        }
        out[i] = lastId;
      }
    }
  }

  /** The elements of an array in each row. */
  static final class OfArrays extends ComputedText {
    private final Program program;
    private final int rowCount;

    OfArrays(Program program, int rowCount, QueryControl control) {
      super(rowCount, control);
      this.program = program;
      this.rowCount = rowCount;
    }

    @Override
    public boolean multiValued() {
      return true;
    }

    @Override
    public int[] readValues(int row) {
      int from = row / RowSet.BLOCK_ROWS * RowSet.BLOCK_ROWS;
      Node arrays = program.run(from, Math.min(RowSet.BLOCK_ROWS, rowCount - from));
      int at = row - from;
      if (arrays.nulls[at] || arrays.array(at).length == 0) {
        return new int[] {id(null)};
      }
      Object[] elements = arrays.array(at);
      int[] found = new int[elements.length];
      for (int i = 0; i < found.length; i++) {
        found[i] = id(elements[i] == null ? null : elements[i].toString());
      }
      return found;
    }
  }

  /** A value for each combination of the values that columns have in the row. */
  static final class OfCombinations extends ComputedText {
    private static final int MAX_COMBINATIONS = 1_000_000;
    private final Program program;
    private final Map<StringColumn, Inputs.Given> given;
    private final List<Inputs.Captured> captured;
    private final int rowCount;
    private final Block outer = new Block();
    private int outerFrom = -1;

    OfCombinations(
        Program program,
        Map<StringColumn, Inputs.Given> given,
        Map<Node, Inputs.Captured> captured,
        RowSet rows,
        QueryControl control) {
      super(rows.rowCount(), control);
      this.program = program;
      this.given = new LinkedHashMap<>(given);
      this.captured = List.copyOf(captured.values());
      this.rowCount = rows.rowCount();
    }

    @Override
    public boolean multiValued() {
      return true;
    }

    @Override
    public int[] readValues(int row) {
      evaluateOuter(row);
      long combinations = 1;
      Map<StringColumn, int[]> found = new LinkedHashMap<>();
      for (StringColumn column : given.keySet()) {
        found.put(column, column.readValues(row));
        combinations *= found.get(column).length;
        if (combinations > MAX_COMBINATIONS) {
          throw new StarfireException(
              ErrorCode.CAPACITY_EXCEEDED,
              "an expression combines more than %,d values of one row; use array functions"
                  .formatted(MAX_COMBINATIONS));
        }
      }
      int[] all = new int[(int) combinations];
      for (int from = 0; from < all.length; from += RowSet.BLOCK_ROWS) {
        int count = Math.min(RowSet.BLOCK_ROWS, all.length - from);
        give(found, from, count);
        for (Inputs.Captured one : captured) {
          one.capture(row - outerFrom, count);
        }
        Node results = program.rerun(count);
        for (int i = 0; i < count; i++) {
          Object value = results.value(i);
          all[from + i] = id((String) Casts.value(ValueType.STRING, value));
        }
      }
      return all;
    }

    private void evaluateOuter(int row) {
      int from = row / RowSet.BLOCK_ROWS * RowSet.BLOCK_ROWS;
      if (from != outerFrom) {
        outer.moveTo(from, Math.min(RowSet.BLOCK_ROWS, rowCount - from));
        captured.forEach(one -> one.outer().evaluate(outer));
        outerFrom = from;
      }
    }

    /** Combination {@code n}, as the digits of n: the last column changes first. */
    private void give(Map<StringColumn, int[]> found, int from, int count) {
      long divisor = 1;
      List<StringColumn> columns = new ArrayList<>(found.keySet());
      for (int c = columns.size() - 1; c >= 0; c--) {
        StringColumn column = columns.get(c);
        int[] ids = requireNonNull(found.get(column), "read before");
        Inputs.Given into = requireNonNull(given.get(column), "one for each column");
        for (int i = 0; i < count; i++) {
          into.set(i, column.value(ids[(int) ((from + i) / divisor % ids.length)]));
        }
        divisor *= ids.length;
      }
    }
  }
}
