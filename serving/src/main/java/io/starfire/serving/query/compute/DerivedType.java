package io.starfire.serving.query.compute;

import io.starfire.event.ColumnType;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.model.VirtualColumn;
import io.starfire.serving.query.model.VirtualColumns;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The types of columns that queries compute, from those of stored columns. Stateless. */
public final class DerivedType {
  private DerivedType() {}

  /**
   * The type of a column; that of one that is always null is STRING.
   *
   * @param others which it may read
   * @param stored the types of stored columns
   */
  public static ColumnType of(
      VirtualColumn column, VirtualColumns others, Function<String, ColumnType> stored) {
    if (!(column instanceof VirtualColumn.Expressed expressed)) {
      return ColumnType.STRING;
    }
    if (expressed.outputType() != null) {
      return expressed.outputType();
    }
    Function<String, ColumnType> types =
        name -> {
          VirtualColumn other = others.named(name);
          return other == null ? stored.apply(name) : of(other, others, stored);
        };
    return new Binder(expressed.expression(), new OfTypes(types), 1, null).bind().type.columnType();
  }

  /**
   * A value as one of a type, for rows whose row sets have a column with several types. Several
   * texts stay, and are no number.
   *
   * @param value null, a Long, a Double, a String or a List of Strings
   */
  public static @Nullable Object cast(ColumnType type, @Nullable Object value) {
    if (value instanceof List<?>) {
      return type == ColumnType.STRING ? value : null;
    }
    return Casts.value(ValueType.of(type), value);
  }

  /**
   * Refuses an expression that no columns can make right: one that calls a function which is not
   * there, or calls one with too few arguments or with a malformed pattern.
   *
   * @throws io.starfire.common.StarfireException with INVALID_INPUT
   */
  public static Expression checked(Expression expression) {
    new Binder(expression, new OfNothing(), 1, null).bind();
    return expression;
  }

  /** Names with types and without values. */
  private record OfTypes(Function<String, ColumnType> types) implements Scope {
    @Override
    public Node scalar(String name) {
      return new Inputs.Given(ValueType.of(types.apply(name)), 1);
    }

    @Override
    public @Nullable Node array(String name) {
      return types.apply(name) == ColumnType.STRING
          ? new Inputs.Given(ValueType.STRING_ARRAY, 1)
          : null;
    }
  }

  /** Names of which nothing is known. */
  private record OfNothing() implements Scope {
    @Override
    public Node scalar(String name) {
      return new Inputs.Given(ValueType.NOTHING, 1);
    }

    @Override
    public @Nullable Node array(String name) {
      return null;
    }
  }
}
