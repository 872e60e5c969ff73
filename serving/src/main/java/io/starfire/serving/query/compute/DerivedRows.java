package io.starfire.serving.query.compute;

import io.starfire.common.Interval;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.VirtualColumn;
import io.starfire.serving.query.model.VirtualColumns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a row set with the columns that a query computes beside its own; those hide stored
 * columns of the same name. A column is computed when it is first read, a block at a time, or once
 * for each value of a dictionary. Closing gives back the memory of that, and leaves the row set
 * open. Used by one thread.
 */
public final class DerivedRows implements RowSet {
  private final RowSet rows;
  private final VirtualColumns virtualColumns;
  private final QueryControl control;
  private final Map<VirtualColumn, ColumnOrNone> derived = new HashMap<>();

  /** A column that is always null is none. */
  private record ColumnOrNone(@Nullable Column column) {}

  public DerivedRows(RowSet rows, VirtualColumns virtualColumns, QueryControl control) {
    this.rows = rows;
    this.virtualColumns = virtualColumns;
    this.control = control.part();
  }

  /** The row set itself, if it can derive columns; else one over it. */
  public static DerivedRows of(RowSet rows, QueryControl control) {
    return rows instanceof DerivedRows already
        ? already
        : new DerivedRows(rows, VirtualColumns.NONE, control);
  }

  @Override
  public @Nullable Column column(String name) {
    VirtualColumn virtual = virtualColumns.named(name);
    return virtual == null ? rows.column(name) : column(virtual);
  }

  /** Whether a column is not computed. */
  public boolean isStored(String name) {
    return virtualColumns.named(name) == null;
  }

  /** A column that need not be one of the query's. */
  public @Nullable Column column(VirtualColumn virtual) {
    ColumnOrNone known = derived.get(virtual);
    if (known == null) {
      known = new ColumnOrNone(new Derivation(virtual, this, control).column());
      derived.put(virtual, known);
    }
    return known.column;
  }

  @Override
  public int rowCount() {
    return rows.rowCount();
  }

  @Override
  public Interval timeRange() {
    return rows.timeRange();
  }

  @Override
  public boolean sortedByTime() {
    return rows.sortedByTime();
  }

  @Override
  public List<String> columnNames() {
    List<String> names = new ArrayList<>(rows.columnNames());
    virtualColumns.names().stream().filter(name -> !names.contains(name)).forEach(names::add);
    return names;
  }

  @Override
  public LongColumn time() {
    return rows.time();
  }

  @Override
  public void close() {
    derived.clear();
    control.releaseAll();
  }
}
