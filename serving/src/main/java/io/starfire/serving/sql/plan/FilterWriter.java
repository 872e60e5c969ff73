package io.starfire.serving.sql.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.BoundType;
import com.google.common.collect.Range;
import io.starfire.serving.sql.catalog.SqlTypes;
import io.starfire.serving.sql.function.ExpressionWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUnknownAs;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.Sarg;
import org.jspecify.annotations.Nullable;

/**
 * Writes conditions as filters of native queries. What compares a column with a fixed value gets a
 * filter that can use an index; what else there is becomes a filter of type expression. Both have
 * the logic of SQL with its three values.
 */
final class FilterWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<SqlKind> COMPARISONS =
      Set.of(
          SqlKind.EQUALS,
          SqlKind.NOT_EQUALS,
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL);

  private final ExpressionWriter writer;
  private final RexBuilder rexes;
  private final List<Source.Column> columns;

  FilterWriter(ExpressionWriter writer, RexBuilder rexes, List<Source.Column> columns) {
    this.writer = writer.over(column -> columns.get(column).name());
    this.rexes = rexes;
    this.columns = columns;
  }

  ObjectNode write(RexNode node) {
    if (node instanceof RexLiteral literal && !literal.isNull()) {
      return typed(literal.isAlwaysTrue() ? "true" : "false");
    }
    if (!(node instanceof RexCall call)) {
      return expression(node);
    }
    List<RexNode> args = call.getOperands();
    return switch (call.getKind()) {
      case AND -> several("and", args);
      case OR -> several("or", args);
      case NOT -> not(write(args.get(0)));
      case IS_TRUE -> typed("istrue").set("field", write(args.get(0)));
      case IS_FALSE -> typed("isfalse").set("field", write(args.get(0)));
      case IS_NOT_TRUE -> not(typed("istrue").set("field", write(args.get(0))));
      case IS_NOT_FALSE -> not(typed("isfalse").set("field", write(args.get(0))));
      case IS_NULL, IS_NOT_NULL -> nullity(call);
      case SEARCH -> search(call);
      case LIKE -> like(call);
      default ->
          COMPARISONS.contains(call.getKind())
              ? comparison(call)
              : call.getOperator().getName().equals("REGEXP_LIKE") ? regex(call) : expression(call);
    };
  }

  private static ObjectNode typed(String type) {
    return JSON.objectNode().put("type", type);
  }

  static ObjectNode not(ObjectNode field) {
    return typed("not").set("field", field);
  }

  static ObjectNode isNull(String column) {
    return typed("null").put("column", column);
  }

  private ObjectNode several(String type, List<RexNode> args) {
    List<ObjectNode> fields = new ArrayList<>();
    args.forEach(arg -> fields.add(write(arg)));
    return several(type, fields, 0);
  }

  static ObjectNode several(String type, List<ObjectNode> fields, int unused) {
    if (fields.size() == 1) {
      return fields.get(0);
    }
    ObjectNode json = typed(type);
    ArrayNode array = json.putArray("fields");
    fields.forEach(array::add);
    return json;
  }

  private ObjectNode expression(RexNode node) {
    return typed("expression").put("expression", writer.write(node));
  }

  /** The column that an expression is, whatever types of the same values it is cast to; or null. */
  private Source.@Nullable Column column(RexNode node) {
    RexNode bare = node;
    while (bare instanceof RexCall call && call.getKind() == SqlKind.CAST && keepsValue(call)) {
      bare = call.getOperands().get(0);
    }
    Source.Column column = bare instanceof RexInputRef ref ? columns.get(ref.getIndex()) : null;
    boolean fits = column != null && !column.nativeType().startsWith("COMPLEX");
    return fits ? column : null;
  }

  private static boolean keepsValue(RexCall cast) {
    SqlTypeName from = cast.getOperands().get(0).getType().getSqlTypeName();
    SqlTypeName to = cast.getType().getSqlTypeName();
    return to != SqlTypeName.DATE
        && to != SqlTypeName.BOOLEAN
        && SqlTypes.nativeType(cast.getType())
            .equals(SqlTypes.nativeType(cast.getOperands().get(0).getType()))
        && from != SqlTypeName.BOOLEAN;
  }

  private ObjectNode nullity(RexCall call) {
    Source.Column column = column(call.getOperands().get(0));
    if (column == null) {
      return expression(call);
    }
    ObjectNode isNull = isNull(column.name());
    return call.getKind() == SqlKind.IS_NULL ? isNull : not(isNull);
  }

  private ObjectNode comparison(RexCall call) {
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    Source.Column column = column(left);
    if (column != null) {
      Constants.Value value = Constants.of(right, writer);
      return value == null ? expression(call) : comparison(call.getKind(), column, value, call);
    }
    column = column(right);
    Constants.Value value = column == null ? null : Constants.of(left, writer);
    return value == null
        ? expression(call)
        : comparison(call.getKind().reverse(), column, value, call);
  }

  private ObjectNode comparison(
      SqlKind kind, Source.Column column, Constants.Value constant, RexCall call) {
    Object value = constant.value();
    boolean fits =
        column.nativeType().equals("STRING") ? value instanceof String : value instanceof Number;
    if (!fits || (value instanceof Double number && !Double.isFinite(number))) {
      return expression(call);
    }
    return switch (kind) {
      case EQUALS -> equalTo(column, value);
      case NOT_EQUALS -> not(equalTo(column, value));
      case LESS_THAN -> range(column, null, false, value, true);
      case LESS_THAN_OR_EQUAL -> range(column, null, false, value, false);
      case GREATER_THAN -> range(column, value, true, null, false);
      default -> range(column, value, false, null, false);
    };
  }

  private static String matchType(Object value) {
    return value instanceof Long ? "LONG" : value instanceof Double ? "DOUBLE" : "STRING";
  }

  private static void put(ObjectNode json, String name, Object value) {
    if (value instanceof Long number) {
      json.put(name, number);
    } else if (value instanceof Double number) {
      json.put(name, number);
    } else {
      json.put(name, (String) value);
    }
  }

  private static ObjectNode equalTo(Source.Column column, Object value) {
    ObjectNode json =
        typed("equals").put("column", column.name()).put("matchValueType", matchType(value));
    put(json, "matchValue", value);
    return json;
  }

  private static ObjectNode range(
      Source.Column column,
      @Nullable Object lower,
      boolean lowerOpen,
      @Nullable Object upper,
      boolean upperOpen) {
    ObjectNode json =
        typed("range")
            .put("column", column.name())
            .put("matchValueType", matchType(Objects.requireNonNullElse(lower, upper)));
    if (lower != null) {
      put(json, "lower", lower);
    }
    if (upper != null) {
      put(json, "upper", upper);
    }
    if (lowerOpen) {
      json.put("lowerOpen", true);
    }
    if (upperOpen) {
      json.put("upperOpen", true);
    }
    return json;
  }

  private ObjectNode like(RexCall call) {
    Source.Column column = column(call.getOperands().get(0));
    Constants.Value pattern = Constants.of(call.getOperands().get(1), writer);
    Constants.Value escape =
        call.getOperands().size() < 3 ? null : Constants.of(call.getOperands().get(2), writer);
    if (column == null
        || pattern == null
        || !(pattern.value() instanceof String text)
        || (call.getOperands().size() > 2 && escape == null)) {
      return expression(call);
    }
    ObjectNode json = typed("like").put("dimension", column.name()).put("pattern", text);
    if (escape != null && escape.value() instanceof String one && !one.isEmpty()) {
      json.put("escape", one);
    }
    return json;
  }

  private ObjectNode regex(RexCall call) {
    Source.Column column = column(call.getOperands().get(0));
    Constants.Value pattern = Constants.of(call.getOperands().get(1), writer);
    return column == null || pattern == null || !(pattern.value() instanceof String text)
        ? expression(call)
        : typed("regex").put("dimension", column.name()).put("pattern", text);
  }

  /** A column that is compared with several values or ranges. */
  private ObjectNode search(RexCall call) {
    Source.Column column = column(call.getOperands().get(0));
    RexLiteral literal = (RexLiteral) call.getOperands().get(1);
    Sarg<?> sarg = literal.getValueAs(Sarg.class);
    if (column == null || sarg == null) {
      return expression(call);
    }
    ObjectNode found = search(column, sarg, literal);
    if (found == null) {
      return expression(call);
    }
    return sarg.nullAs == RexUnknownAs.TRUE
        ? several("or", List.of(isNull(column.name()), found), 0)
        : sarg.nullAs == RexUnknownAs.FALSE
            ? several("and", List.of(not(isNull(column.name())), found), 0)
            : found;
  }

  private @Nullable ObjectNode search(Source.Column column, Sarg<?> sarg, RexLiteral literal) {
    if (sarg.isAll()) {
      return not(isNull(column.name()));
    }
    boolean negated = sarg.isComplementedPoints();
    Sarg<?> ranges = negated ? sarg.negate() : sarg;
    List<ObjectNode> fields = new ArrayList<>();
    ArrayNode values = JSON.arrayNode();
    for (Object one : ranges.rangeSet.asRanges()) {
      Range<?> range = (Range<?>) one;
      Object lower = range.hasLowerBound() ? value(range.lowerEndpoint(), literal) : null;
      Object upper = range.hasUpperBound() ? value(range.upperEndpoint(), literal) : null;
      if ((lower == null && range.hasLowerBound()) || (upper == null && range.hasUpperBound())) {
        return null;
      }
      if (lower != null && lower.equals(upper)) {
        values.add(lower instanceof String text ? text : lower.toString());
      } else if (lower != null || upper != null) {
        fields.add(
            range(
                column,
                lower,
                lower != null && range.lowerBoundType() == BoundType.OPEN,
                upper,
                upper != null && range.upperBoundType() == BoundType.OPEN));
      }
    }
    if (!values.isEmpty()) {
      ObjectNode in = typed("in").put("dimension", column.name());
      in.set("values", values);
      fields.add(in);
    }
    if (fields.isEmpty()) {
      return null;
    }
    ObjectNode any = several("or", fields, 0);
    return negated ? not(any) : any;
  }

  private @Nullable Object value(Object endpoint, RexLiteral of) {
    return writer.value((RexLiteral) rexes.makeLiteral(endpoint, of.getType(), true, true));
  }
}
