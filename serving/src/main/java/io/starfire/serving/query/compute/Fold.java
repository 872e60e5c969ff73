package io.starfire.serving.query.compute;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.expression.Expression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folds rows of one row set, one after the other, into values. Columns are read a block at a time.
 * A row with several values of a column that stands where one is expected counts once for each of
 * them, and for each combination if there are several such columns. Not thread-safe.
 */
public final class Fold {
  private static final int MAX_COMBINATIONS = 1_000_000;

  private final Inputs.Given accumulator;
  private final Inner scope;
  private final Node root;
  private final boolean skipsNulls;
  private final QueryControl control;
  private final Block outer = new Block();
  private final Block inner = new Block();
  private @Nullable Object value;
  private boolean counted;
  private int combinations;

  Fold(
      Expression fold,
      String name,
      ValueType type,
      boolean skipsNulls,
      RowSet rows,
      QueryControl control) {
    this.accumulator = new Inputs.Given(type, 1);
    this.scope = new Inner(name, accumulator, rows);
    this.root = Casts.to(type, new Binder(fold, scope, 1, control).bind());
    this.skipsNulls = skipsNulls;
    this.control = control;
  }

  /** Reads the columns of rows {@code [from, from + count)}. */
  public void read(int from, int count) {
    control.check();
    outer.moveTo(from, count);
    scope.captured.forEach(one -> one.outer().evaluate(outer));
  }

  /**
   * Folds a row of the block that was read.
   *
   * @param row relative to the block's start
   * @param before what was there: null, Long, Double, String or Object[]
   * @return whether the row counts; if it does, {@link #value} is what it makes of what was there
   */
  public boolean add(int row, @Nullable Object before) {
    value = before;
    counted = false;
    for (Inputs.Captured one : scope.captured) {
      if (skipsNulls && one.outer().nulls[row]) {
        return false;
      }
      one.capture(row, 1);
    }
    if (skipsNulls && scope.isAlwaysNull) {
      return false;
    }
    combinations = 0;
    addCombinations(row, 0);
    return counted;
  }

  private void addCombinations(int row, int column) {
    if (column == scope.several.size()) {
      accumulator.set(0, value);
      inner.moveTo(0, 1);
      root.evaluate(inner);
      value = root.value(0);
      counted = true;
      return;
    }
    Several one = scope.several.get(column);
    for (int id : one.column.readValues(outer.from() + row)) {
      String text = one.column.value(id);
      if (skipsNulls && text == null) {
        continue;
      }
      if (++combinations > MAX_COMBINATIONS) {
        throw new StarfireException(
            ErrorCode.CAPACITY_EXCEEDED,
            "an aggregation of type expression combines more than %,d values of one row; use array functions"
                .formatted(MAX_COMBINATIONS));
      }
      one.node.set(0, text);
      addCombinations(row, column + 1);
    }
  }

  /** What the last row that counted made: null, Long, Double, String or Object[]. */
  public @Nullable Object value() {
    return value;
  }

  /** A column with several values in a row, of which one is given at a time. */
  private record Several(StringColumn column, Inputs.Given node) {}

  /** The value so far, and columns, of which one row is there at a time. */
  private static final class Inner implements Scope {
    private final String name;
    private final Node accumulator;
    private final RowSet rows;
    private final Map<String, Node> scalars = new HashMap<>();
    private final Map<String, Node> arrays = new HashMap<>();
    private final List<Inputs.Captured> captured = new ArrayList<>();
    private final List<Several> several = new ArrayList<>();
    private boolean isAlwaysNull;

    Inner(String name, Node accumulator, RowSet rows) {
      this.name = name;
      this.accumulator = accumulator;
      this.rows = rows;
    }

    @Override
    public Node scalar(String read) {
      return read.equals(name) ? accumulator : scalars.computeIfAbsent(read, this::ofColumn);
    }

    private Node ofColumn(String read) {
      Column column = rows.column(read);
      if (column instanceof StringColumn texts && texts.multiValued()) {
        Inputs.Given given = new Inputs.Given(ValueType.STRING, 1);
        several.add(new Several(texts, given));
        return given;
      }
      isAlwaysNull |= column == null;
      return capture(Inputs.of(column, RowSet.BLOCK_ROWS));
    }

    @Override
    public @Nullable Node array(String read) {
      return !read.equals(name) && rows.column(read) instanceof StringColumn texts
          ? arrays.computeIfAbsent(
              read, unused -> capture(new Inputs.OfValues(texts, RowSet.BLOCK_ROWS)))
          : null;
    }

    private Node capture(Node node) {
      if (node.isConstant()) {
        return new Inputs.Constant(node.type, 1, node.value(0));
      }
      Inputs.Captured one = new Inputs.Captured(node, 1);
      captured.add(one);
      return one;
    }
  }
}
