package io.starfire.serving.query.aggregate;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.serving.query.compute.FoldedExpression;
import io.starfire.serving.query.vector.BytesVector;
import io.starfire.serving.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What rows of each group were folded into, as bytes (see {@link ExpressionValues}); null for a
 * group that nothing was folded into. Not thread-safe.
 */
final class ExpressionColumn extends AggregateColumn {
  private final ExpressionAggregator aggregator;
  private final FoldedExpression expression;
  private final int maxSizeBytes;
  private final BytesVector values = new BytesVector();

  ExpressionColumn(ExpressionAggregator aggregator, ColumnType type) {
    super(type);
    this.aggregator = aggregator;
    this.expression = aggregator.expression();
    this.maxSizeBytes = aggregator.maxSizeBytes();
  }

  @Override
  protected List<Vector> vectors() {
    return List.of(values);
  }

  /** How many groups there is room for. */
  int capacity() {
    return values.capacity();
  }

  /** Makes what rows were folded into the value of a group. */
  void setFolded(int group, @Nullable Object folded) {
    if (folded != null || aggregator.combinesNulls()) {
      set(group, expression.combined(folded));
    }
  }

  private void set(int group, @Nullable Object value) {
    checkSize(value);
    values.set(group, ExpressionValues.write(value));
  }

  /**
   * The bytes of a value.
   *
   * @throws StarfireException with CAPACITY_EXCEEDED if these are too many
   */
  int checkSize(@Nullable Object value) {
    int size = ExpressionValues.size(value);
    if (size > maxSizeBytes && !(value instanceof Number)) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "aggregation '%s' of type expression makes a value of %,d bytes of one group; its maxSizeBytes is %,d; raise it, or aggregate less"
              .formatted(aggregator.name(), size, maxSizeBytes));
    }
    return size;
  }

  private @Nullable Object combined(int group) {
    return ExpressionValues.read(values.data(), values.start(group), values.length(group));
  }

  @Override
  public void merge(AggregateColumn other, int[] from, int[] into, int count) {
    ExpressionColumn added = (ExpressionColumn) other;
    for (int i = 0; i < count; i++) {
      int source = from[i];
      int group = into[i];
      if (added.values.isNull(source)) {
        continue;
      }
      if (values.isNull(group)) {
        values.set(
            group, added.values.data(), added.values.start(source), added.values.length(source));
      } else {
        set(group, expression.combined(combined(group), added.combined(source)));
      }
    }
  }

  private @Nullable Object result(int group) {
    if (!values.isNull(group)) {
      return expression.result(combined(group));
    }
    return aggregator.isNullUnlessAggregated() ? null : expression.resultOfNothing();
  }

  private Object present(int group) {
    Object result = result(group);
    if (result == null) {
      throw new IllegalStateException("the result of group " + group + " is null");
    }
    return result;
  }

  @Override
  public boolean isNull(int group) {
    return result(group) == null;
  }

  @Override
  public long longAt(int group) {
    return (Long) present(group);
  }

  @Override
  public double doubleAt(int group) {
    return (Double) present(group);
  }

  @Override
  public @Nullable String textAt(int group) {
    return (String) present(group);
  }

  @Override
  public Object[] arrayAt(int group) {
    return (Object[]) present(group);
  }

  @Override
  public int compare(int left, int right) {
    boolean aggregated = !values.isNull(left) && !values.isNull(right);
    return expression.compares() && aggregated
        ? expression.compare(combined(left), combined(right))
        : super.compare(left, right);
  }

  @Override
  public @Nullable Object shown(int group, boolean finalizes) {
    return finalizes || values.isNull(group) ? result(group) : combined(group);
  }
}
