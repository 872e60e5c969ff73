package io.starfire.serving.query.exec;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.column.ValueCursor;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.GroupDimension;
import io.starfire.serving.query.partial.SharedDictionary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the dimensions of the row sets of a query have in common: a dictionary for all of them, and
 * for each row set the ids there of its own ids. Groups of different row sets then meet by ids; no
 * text is read for a group that is not shown. Only for rows that never change, whose dictionaries
 * are sorted, and for dimensions of so many values that it pays. Immutable.
 */
public final class SharedKeys {
  /** For each dimension, what is shared; null if nothing is. */
  private final List<Shared> dimensions;

  /** Nothing is shared. */
  public static final SharedKeys NONE = new SharedKeys(List.of());

  /** What one row set has of a dimension. */
  static final class Key {
    private final SharedDictionary values;
    private final int[] ids;

    private Key(SharedDictionary values, int[] ids) {
      this.values = values;
      this.ids = ids;
    }

    /** The values of all row sets. */
    SharedDictionary values() {
      return values;
    }

    /** The ids among these of each id of the row set. */
    int[] ids() {
      return ids;
    }
  }

  /** What one row set has of each dimension. */
  public static final class OfRows {
    /** Of a row set that has nothing in common with others. */
    public static final OfRows NONE = new OfRows(new Key[0]);

    private final @Nullable Key[] keys;

    private OfRows(@Nullable Key[] keys) {
      this.keys = keys;
    }

    @Nullable Key key(int dimension) {
      return dimension < keys.length ? keys[dimension] : null;
    }
  }

  /** Of one dimension; without ids if nothing is shared. */
  private static final class Shared {
    static final Shared NOTHING = new Shared(null, new int[0][]);

    private final @Nullable SharedDictionary values;
    private final int[][] ids;

    Shared(@Nullable SharedDictionary values, int[][] ids) {
      this.values = values;
      this.ids = ids;
    }

    @Nullable Key key(int rowSet) {
      return values == null ? null : new Key(values, ids[rowSet]);
    }
  }

  private SharedKeys(List<Shared> dimensions) {
    this.dimensions = dimensions;
  }

  /** Whether some dimension is shared. */
  public boolean isEmpty() {
    return dimensions.stream().allMatch(dimension -> dimension.values == null);
  }

  /** What a row set has, by its number in the list that this was made of. */
  public OfRows of(int rowSet) {
    return isEmpty()
        ? OfRows.NONE
        : new OfRows(
            dimensions.stream().map(dimension -> dimension.key(rowSet)).toArray(Key[]::new));
  }

  /**
   * Finds out what is shared; may take a while the first time.
   *
   * @param sources rows that never change, under names that no other rows have
   * @param failures tells which of them could not be read
   * @param cache of what was found before
   */
  public static SharedKeys of(
      AggregateQuery query,
      List<RowSource> sources,
      Failures failures,
      GlobalIdCache cache,
      QueryControl control) {
    List<Shared> dimensions = new ArrayList<>();
    for (GroupDimension dimension : query.dimensions()) {
      boolean isStored =
          dimension.outputType() == ColumnType.STRING
              && query.virtualColumns().named(dimension.column()) == null;
      dimensions.add(
          isStored
              ? shared(dimension.column(), sources, failures, cache, control)
              : Shared.NOTHING);
    }
    return new SharedKeys(dimensions);
  }

  /** Makes of an error the one that says which row set could not be read. */
  public interface Failures {
    /**
     * The error to throw.
     *
     * @param rowSet its number in the list
     */
    StarfireException of(int rowSet, StarfireException e);
  }

  private static Shared shared(
      String name,
      List<RowSource> sources,
      Failures failures,
      GlobalIdCache cache,
      QueryControl control) {
    List<StringColumn> columns = new ArrayList<>();
    List<Integer> rowSets = new ArrayList<>();
    List<String> names = new ArrayList<>();
    int[] columnOf = new int[sources.size()];
    long values = 0;
    for (int i = 0; i < columnOf.length; i++) {
      RowSet rows = sources.get(i).rows();
      Column column = rows.column(name);
      columnOf[i] = columns.size();
      if (!(rows instanceof IndexedRows)) {
        return Shared.NOTHING;
      } else if (column instanceof StringColumn strings && strings.sorted()) {
        columns.add(strings);
        rowSets.add(i);
        names.add(sources.get(i).id());
        values += strings.cardinality();
      } else if (column == null) {
        columnOf[i] = -1;
      } else {
        return Shared.NOTHING;
      }
    }
    if (!cache.isFor(values)) {
      return Shared.NOTHING;
    }
    // Of columns that are read together, an error does not say which it is; by itself one does.
    Failures ofColumns = (column, e) -> failures.of(rowSets.get(column), e);
    GlobalIds global;
    try {
      global = cache.get(name, names, columns, control);
    } catch (StarfireException e) {
      throw e.code() == ErrorCode.CORRUPT ? failureOf(columns, ofColumns, e) : e;
    }
    int[][] ids = new int[columnOf.length][];
    for (int i = 0; i < ids.length; i++) {
      // Where the column is missing, its only id is that of null.
      ids[i] = columnOf[i] < 0 ? new int[1] : global.of(columnOf[i]);
    }
    return new Shared(new SharedDictionary(global.size(), texts(global, columns, ofColumns)), ids);
  }

  /** The error of the column that cannot be read. */
  private static StarfireException failureOf(
      List<StringColumn> columns, Failures failures, StarfireException ofSome) {
    for (int i = 0; i < columns.size(); i++) {
      try {
        ValueCursor values = columns.get(i).values();
        while (values.next()) {
          // Each page is checked when it is read.
        }
      } catch (StarfireException e) {
        return failures.of(i, e);
      }
    }
    return ofSome;
  }

  private static IntFunction<byte[]> texts(
      GlobalIds global, List<StringColumn> columns, Failures failures) {
    return id -> {
      for (int i = 0; i < columns.size(); i++) {
        int own = Arrays.binarySearch(global.of(i), id);
        if (own >= 0) {
          try {
            return columns.get(i).utf8(own);
          } catch (StarfireException e) {
            throw failures.of(i, e);
          }
        }
      }
      throw new IllegalStateException("no dictionary has the global id " + id);
    };
  }
}
