package io.starfire.serving.query.compute;

import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.model.OutputType;
import io.starfire.serving.query.model.QueryChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The expressions of an aggregate that the query itself defines. Rows are folded into a value that
 * begins as a fixed one and keeps its type. What row sets give is combined, and at last finished.
 * Thread-safe.
 */
public final class FoldedExpression {
  /** What an expression that finishes reads, and those two that one compares. */
  private static final String FINISHED = "o";

  private static final List<String> COMPARED = List.of("o1", "o2");

  private final Parts parts;
  private final Expression fold;
  private final ValueType foldedType;
  private final @Nullable Object initial;
  private final ValueType combinedType;
  private final @Nullable Object initialCombined;
  private final Formula combine;
  private final @Nullable Formula finish;
  private final @Nullable Formula compare;

  /**
   * What a query says of it.
   *
   * @param name of the aggregate, by which the expression that combines reads what a row set gave
   * @param fields the columns that rows are folded by
   * @param accumulator the name of the value so far
   * @param combine null for the one that folds, which then reads what a row set gave as its field
   * @param skipsNulls whether rows in which a field is null are left out
   */
  public record Parts(
      String name,
      List<String> fields,
      String accumulator,
      String initialValue,
      String initialCombineValue,
      String fold,
      @Nullable String combine,
      @Nullable String compare,
      @Nullable String finish,
      boolean skipsNulls) {
    public Parts {
      fields = List.copyOf(fields);
    }

    private String what(String part) {
      return "%s of the aggregation '%s'".formatted(part, name);
    }
  }

  /**
   * Reads the expressions.
   *
   * @throws io.starfire.common.StarfireException with INVALID_INPUT if one is malformed, or reads
   *     what it cannot
   */
  public FoldedExpression(Parts parts) {
    this.parts = parts;
    Formula first = constant(parts.initialValue, parts.what("initialValue"));
    this.foldedType = orText(first.type());
    this.initial = first.compute();
    Formula combined = constant(parts.initialCombineValue, parts.what("initialCombineValue"));
    this.combinedType = orText(combined.type());
    this.initialCombined = combined.compute();
    this.fold = Expression.parse(parts.fold);
    checkFold();
    this.combine =
        formula(
            "combine",
            parts.combine == null ? parts.fold : parts.combine,
            List.of(parts.accumulator, parts.combine == null ? parts.fields.get(0) : parts.name),
            List.of(combinedType, foldedType.with(combinedType)));
    this.finish =
        parts.finish == null
            ? null
            : formula("finalize", parts.finish, List.of(FINISHED), List.of(combinedType));
    this.compare =
        parts.compare == null
            ? null
            : formula("compare", parts.compare, COMPARED, List.of(combinedType, combinedType));
  }

  private static Formula constant(String text, String what) {
    return new Formula(what, Expression.parse(text), List.of(), List.of());
  }

  /** What is always null is a text. */
  private static ValueType orText(ValueType type) {
    return type == ValueType.NOTHING ? ValueType.STRING : type;
  }

  private Formula formula(String part, String text, List<String> names, List<ValueType> types) {
    return new Formula(parts.what(part), Expression.parse(text), names, types);
  }

  private void checkFold() {
    List<String> names = new ArrayList<>(parts.fields);
    names.add(parts.accumulator);
    if (parts.fields.contains(parts.accumulator) || parts.accumulator.equals(parts.name)) {
      throw QueryChecks.invalid(
          "the aggregation '%s' has '%s' as its accumulatorIdentifier, which is its own name or one"
              + " of its fields; choose another",
          parts.name, parts.accumulator);
    }
    Set<String> read = fold.columns();
    for (String name : read) {
      if (!names.contains(name)) {
        throw QueryChecks.invalid(
            "the expression '%s' of %s reads '%s', which is not one of its fields; those are %s",
            fold.text(),
            parts.what("fold"),
            name,
            parts.fields.isEmpty() ? "none" : String.join(", ", parts.fields));
      }
    }
    DerivedType.checked(fold);
  }

  /** What the result is. */
  public OutputType resultType() {
    return (finish == null ? combinedType : orText(finish.type())).outputType();
  }

  /** What folds the rows of a row set. */
  public Fold over(RowSet rows, QueryControl control) {
    return new Fold(fold, parts.accumulator, foldedType, parts.skipsNulls, rows, control);
  }

  /** What a group begins with: null, Long, Double, String or Object[]. */
  public @Nullable Object initial() {
    return initial;
  }

  /** What rows were folded into, as it is combined and finished. */
  public @Nullable Object combined(@Nullable Object folded) {
    return combined(initialCombined, folded);
  }

  /** Two such values as one. */
  public @Nullable Object combined(@Nullable Object one, @Nullable Object other) {
    return Casts.value(combinedType, combine.compute(one, other));
  }

  /** The result of a group that no row was folded into. */
  public @Nullable Object resultOfNothing() {
    return result(initialCombined);
  }

  /** The result of a group. */
  public @Nullable Object result(@Nullable Object combined) {
    return finish == null ? combined : finish.compute(combined);
  }

  public boolean compares() {
    return compare != null;
  }

  /** The order of two groups, by what they are before they are finished. */
  public int compare(@Nullable Object left, @Nullable Object right) {
    if (compare == null) {
      throw new IllegalStateException("it has an order only if it compares");
    }
    Object order = Casts.value(ValueType.DOUBLE, compare.compute(left, right));
    return order == null ? 0 : (int) Math.signum((Double) order);
  }
}
