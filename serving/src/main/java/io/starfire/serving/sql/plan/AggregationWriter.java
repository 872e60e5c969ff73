package io.starfire.serving.sql.plan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.sql.catalog.SqlTypes;
import io.starfire.serving.sql.function.ExpressionWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlAggFunction;
import org.jspecify.annotations.Nullable;

/** Writes aggregates as aggregations of native queries. */
final class AggregationWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ExpressionWriter writer;
  private final FilterWriter filters;
  private final List<Source.Column> columns;
  private final VirtualColumns virtuals;

  /**
   * An aggregate.
   *
   * @param arguments over the columns of the source
   * @param filter of the rows that count; null for all
   */
  record Call(
      SqlAggFunction function,
      boolean distinct,
      List<RexNode> arguments,
      @Nullable RexNode filter,
      RelDataType type) {}

  /**
   * How it is asked.
   *
   * @param aggregation to be computed
   * @param post what is computed from it; null if it is the result itself
   */
  record Written(ObjectNode aggregation, @Nullable ObjectNode post) {}

  AggregationWriter(
      ExpressionWriter writer,
      RexBuilder rexes,
      List<Source.Column> columns,
      VirtualColumns virtuals) {
    this.writer = writer.over(column -> columns.get(column).name());
    this.filters = new FilterWriter(writer, rexes, columns);
    this.columns = columns;
    this.virtuals = virtuals;
  }

  /** Writes one under a name. */
  Written write(Call call, String name) {
    List<ObjectNode> conditions = new ArrayList<>();
    if (call.filter != null) {
      conditions.add(filters.write(call.filter));
    }
    ObjectNode post = null;
    ObjectNode aggregation;
    String function = call.function.getName().toUpperCase(Locale.ROOT);
    switch (function) {
      case "COUNT" -> {
        if (call.distinct) {
          aggregation = distinct(call);
        } else {
          aggregation = typed("count");
          for (RexNode argument : call.arguments) {
            if (argument.getType().isNullable()) {
              conditions.add(notNull(argument));
            }
          }
        }
      }
      case "SUM", "$SUM0" -> aggregation = number(call, "Sum");
      case "MIN" -> aggregation = number(call, "Min");
      case "MAX" -> aggregation = number(call, "Max");
      case "AVG" ->
          aggregation = typed("doubleMean").put("fieldName", field(call.arguments.get(0)));
      case "EARLIEST" -> aggregation = end(call, "First", 1);
      case "LATEST" -> aggregation = end(call, "Last", 1);
      case "ANY_VALUE" -> aggregation = end(call, "Any", 1);
      case "EARLIEST_BY" -> aggregation = endBy(call, "First");
      case "LATEST_BY" -> aggregation = endBy(call, "Last");
      case "APPROX_COUNT_DISTINCT", "APPROX_COUNT_DISTINCT_BUILTIN" -> aggregation = distinct(call);
      case "APPROX_COUNT_DISTINCT_DS_HLL" -> aggregation = hll(call).put("round", true);
      case "DS_HLL" -> aggregation = hll(call).put("shouldFinalize", false);
      case "APPROX_COUNT_DISTINCT_DS_THETA" -> aggregation = theta(call);
      case "DS_THETA" -> aggregation = theta(call).put("shouldFinalize", false);
      case "DS_QUANTILES_SKETCH" -> aggregation = quantiles(call, 1).put("shouldFinalize", false);
      case "APPROX_QUANTILE", "APPROX_QUANTILE_DS" -> {
        aggregation = quantiles(call, 2);
        post = typed("quantilesDoublesSketchToQuantile").put("fraction", decimal(call, 1));
      }
      default -> throw unsupported(function);
    }
    if (post != null) {
      post.put("name", name);
      post.set("field", typed("fieldAccess").put("fieldName", name + ":agg"));
    }
    String own = post == null ? name : name + ":agg";
    aggregation.put("name", own);
    if (!conditions.isEmpty()) {
      ObjectNode filtered = typed("filtered").put("name", own);
      filtered.set("filter", FilterWriter.several("and", conditions, 0));
      filtered.set("aggregator", aggregation);
      aggregation = filtered;
    }
    return new Written(aggregation, post);
  }

  private static ObjectNode typed(String type) {
    return JSON.objectNode().put("type", type);
  }

  private static StarfireException unsupported(String function) {
    return new StarfireException(
        ErrorCode.UNSUPPORTED,
        "the aggregate %s is not supported in this version, or not on values of this type"
            .formatted(function));
  }

  private Source.@Nullable Column column(RexNode node) {
    return node instanceof RexInputRef ref ? columns.get(ref.getIndex()) : null;
  }

  /** The name of a column with the values of an argument. */
  private String field(RexNode node) {
    Source.Column column = column(node);
    if (column != null) {
      return column.name();
    }
    String type = SqlTypes.nativeType(node.getType());
    if (type.startsWith("COMPLEX")) {
      throw new StarfireException(
          ErrorCode.UNSUPPORTED,
          "an aggregate of sketches needs a column of sketches, or a subquery that makes them");
    }
    return virtuals.add(writer.write(node), type.startsWith("ARRAY") ? "STRING" : type);
  }

  private ObjectNode notNull(RexNode node) {
    return FilterWriter.not(FilterWriter.isNull(field(node)));
  }

  private static boolean isText(RexNode node) {
    return SqlTypes.nativeType(node.getType()).equals("STRING");
  }

  private static boolean isSketch(RexNode node) {
    return SqlTypes.nativeType(node.getType()).startsWith("COMPLEX");
  }

  private ObjectNode number(Call call, String rule) {
    RexNode argument = call.arguments.get(0);
    String type = SqlTypes.nativeType(call.type);
    if (!type.equals("LONG") && !type.equals("DOUBLE")) {
      throw unsupported(call.function.getName());
    }
    return typed((type.equals("LONG") ? "long" : "double") + rule)
        .put("fieldName", field(argument));
  }

  private ObjectNode end(Call call, String rule, int maxBytesAt) {
    RexNode argument = call.arguments.get(0);
    String type = SqlTypes.nativeType(argument.getType());
    String prefix =
        switch (type) {
          case "LONG" -> "long";
          case "DOUBLE" -> "double";
          case "STRING" -> "string";
          default -> throw unsupported(call.function.getName());
        };
    ObjectNode json = typed(prefix + rule).put("fieldName", field(argument));
    if (prefix.equals("string") && call.arguments.size() > maxBytesAt) {
      json.put("maxStringBytes", whole(call, maxBytesAt));
    }
    return json;
  }

  private ObjectNode endBy(Call call, String rule) {
    return end(call, rule, 2).put("timeColumn", field(call.arguments.get(1)));
  }

  private ObjectNode distinct(Call call) {
    RexNode argument = call.arguments.get(0);
    Source.Column column = column(argument);
    if (column != null && column.nativeType().equals("COMPLEX<hyperUnique>")) {
      return typed("hyperUnique").put("fieldName", column.name()).put("round", true);
    }
    if (isSketch(argument)) {
      return column != null && column.nativeType().contains("theta")
          ? theta(call)
          : hll(call).put("round", true);
    }
    ObjectNode json = typed("cardinality");
    json.putArray("fields").add(field(argument));
    return json.put("byRow", false).put("round", true);
  }

  private ObjectNode hll(Call call) {
    RexNode argument = call.arguments.get(0);
    ObjectNode json =
        typed(isSketch(argument) ? "HLLSketchMerge" : "HLLSketchBuild")
            .put("fieldName", field(argument));
    if (call.arguments.size() > 1) {
      json.put("lgK", whole(call, 1));
    }
    if (call.arguments.size() > 2) {
      json.put("tgtHllType", text(call, 2));
    }
    return json;
  }

  private ObjectNode theta(Call call) {
    ObjectNode json = typed("thetaSketch").put("fieldName", field(call.arguments.get(0)));
    if (call.arguments.size() > 1) {
      json.put("size", whole(call, 1));
    }
    return json;
  }

  private ObjectNode quantiles(Call call, int kAt) {
    ObjectNode json =
        typed("quantilesDoublesSketch").put("fieldName", field(call.arguments.get(0)));
    if (call.arguments.size() > kAt) {
      json.put("k", whole(call, kAt));
    }
    return json;
  }

  private Object fixed(Call call, int argument) {
    Constants.Value value = Constants.of(call.arguments.get(argument), writer);
    if (value == null || value.value() == null) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "argument %d of %s must be a fixed value"
              .formatted(argument + 1, call.function.getName()));
    }
    return value.value();
  }

  private int whole(Call call, int argument) {
    Object value = fixed(call, argument);
    if (value instanceof Long number && number > 0 && number < Integer.MAX_VALUE) {
      return number.intValue();
    }
    throw new StarfireException(
        ErrorCode.INVALID_INPUT,
        "argument %d of %s must be a whole number above 0, got %s"
            .formatted(argument + 1, call.function.getName(), value));
  }

  private double decimal(Call call, int argument) {
    Object value = fixed(call, argument);
    if (value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= 1) {
      return number.doubleValue();
    }
    throw new StarfireException(
        ErrorCode.INVALID_INPUT,
        "argument %d of %s must be a number from 0 to 1, got %s"
            .formatted(argument + 1, call.function.getName(), value));
  }

  private String text(Call call, int argument) {
    return fixed(call, argument).toString();
  }

  /** Whether native queries can compute an aggregate. */
  static boolean canWrite(Call call) {
    String function = call.function.getName().toUpperCase(Locale.ROOT);
    return switch (function) {
      case "MIN", "MAX" -> call.arguments.isEmpty() || !isText(call.arguments.get(0));
      case "SINGLE_VALUE", "ARRAY_AGG", "STRING_AGG", "LISTAGG" -> false;
      case "STDDEV_POP", "STDDEV_SAMP", "STDDEV", "VAR_POP", "VAR_SAMP", "VARIANCE" -> false;
      default -> true;
    };
  }
}
