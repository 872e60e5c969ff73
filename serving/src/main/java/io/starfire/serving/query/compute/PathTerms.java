package io.starfire.serving.query.compute;

import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.json.JsonPath;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.expression.Term;
import io.starfire.serving.query.model.VirtualColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the column that a segment has for a path of nested values where an expression asks for what
 * is at that path. Such a column holds exactly what is there. Stateless.
 */
final class PathTerms {
  private static final String VALUE = "json_value";

  private PathTerms() {}

  /** The same column over rows that may have columns of paths. */
  static VirtualColumn over(VirtualColumn virtual, RowSet rows) {
    if (!(virtual instanceof VirtualColumn.Expressed expressed)
        || !expressed.expression().calls(VALUE)) {
      return virtual;
    }
    Expression expression = expressed.expression();
    Term root = over(expression.root(), rows);
    return new VirtualColumn.Expressed(
        expressed.name(), new Expression(expression.text(), root), expressed.outputType());
  }

  private static Term over(Term term, RowSet rows) {
    if (term instanceof Term.Negative negative) {
      return new Term.Negative(negative.position(), over(negative.operand(), rows));
    }
    if (term instanceof Term.Not not) {
      return new Term.Not(not.position(), over(not.operand(), rows));
    }
    if (term instanceof Term.Binary binary) {
      return new Term.Binary(
          binary.position(),
          binary.operator(),
          over(binary.left(), rows),
          over(binary.right(), rows));
    }
    if (!(term instanceof Term.Call call)) {
      // The names in a lambda may be those of its parameters.
      return term;
    }
    Term column = call.function().equalsIgnoreCase(VALUE) ? column(call, rows) : null;
    if (column != null) {
      return column;
    }
    List<Term> arguments = new ArrayList<>();
    call.arguments().forEach(argument -> arguments.add(over(argument, rows)));
    return new Term.Call(call.position(), call.function(), arguments);
  }

  /** Null if there is no column for what the call asks. */
  private static @Nullable Term column(Term.Call call, RowSet rows) {
    List<Term> arguments = call.arguments();
    if (arguments.size() < 2
        || !(arguments.get(0) instanceof Term.Name json)
        || !(arguments.get(1) instanceof Term.Literal path)
        || !(path.value() instanceof String text)) {
      return null;
    }
    ValueType type = arguments.size() > 2 ? named(arguments.get(2)) : ValueType.STRING;
    if (type == null || type == ValueType.JSON || type.isArray()) {
      return null;
    }
    String name = JsonPath.parse(text, true).columnName(json.name());
    Column column = rows.column(name);
    return column == null ? null : as(type, new Term.Name(call.position(), name), column);
  }

  /** Null if it is no name of a type. */
  private static @Nullable ValueType named(Term term) {
    return term instanceof Term.Literal literal && literal.value() instanceof String name
        ? ValueType.named(name)
        : null;
  }

  private static Term as(ValueType type, Term.Name name, Column column) {
    if (type == typeOf(column)) {
      return name;
    }
    if (column instanceof DoubleColumn && type == ValueType.LONG) {
      // By way of the text, as from the value itself: what does not fit is null.
      return cast(cast(name, ValueType.STRING), type);
    }
    return cast(name, type);
  }

  static ValueType typeOf(Column column) {
    return column instanceof LongColumn
        ? ValueType.LONG
        : column instanceof DoubleColumn ? ValueType.DOUBLE : ValueType.STRING;
  }

  private static Term cast(Term term, ValueType type) {
    int position = term.position();
    return new Term.Call(position, "cast", List.of(term, new Term.Literal(position, type.text())));
  }
}
