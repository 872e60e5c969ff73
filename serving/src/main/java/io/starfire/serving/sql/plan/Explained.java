package io.starfire.serving.sql.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.sql.SqlColumn;
import io.starfire.serving.sql.rows.NativeStep;
import io.starfire.serving.sql.rows.Step;

/**
 * What EXPLAIN PLAN FOR answers: the native queries in Druid's form, the data sources, and a few
 * properties. Steps above native queries are objects with a field {@code above}. Stateless.
 */
public final class Explained {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Explained() {}

  /** The column PLAN. */
  public static String plan(Frontend.Planned planned) {
    Step step = planned.step();
    if (step == null) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "a statement with ? is explained when its parameters are given");
    }
    ArrayNode plan = JSON.arrayNode();
    ObjectNode one = plan.addObject();
    one.set("query", step.describe());
    ArrayNode signature = one.putArray("signature");
    ArrayNode mappings = one.putArray("columnMappings");
    int number = 0;
    for (SqlColumn column : planned.columns()) {
      String output = nativeName(step, number++, column);
      signature.addObject().put("name", output).put("type", column.nativeType());
      mappings.addObject().put("queryColumn", output).put("outputColumn", column.name());
    }
    return plan.toString();
  }

  private static String nativeName(Step step, int number, SqlColumn column) {
    if (!(step instanceof NativeStep made) || number >= made.outputs().size()) {
      return column.name();
    }
    String name = made.outputs().get(number).column();
    return name == null ? "d0" : name;
  }

  /** The column RESOURCES. */
  public static String resources(Frontend.Planned planned) {
    ArrayNode resources = JSON.arrayNode();
    planned
        .dataSources()
        .forEach(name -> resources.addObject().put("name", name).put("type", "DATASOURCE"));
    return resources.toString();
  }

  /** The column ATTRIBUTES. */
  public static String attributes(Frontend.Planned planned) {
    JsonNode attributes = JSON.objectNode().put("statementType", "SELECT");
    return attributes.toString();
  }
}
