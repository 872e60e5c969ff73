package io.starfire.serving.sql.rows;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What EXPLAIN says of steps above native queries. Stateless. */
final class Described {
  private Described() {}

  static ObjectNode of(String type, List<? extends Step> inputs) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("above", type);
    if (!inputs.isEmpty()) {
      ArrayNode below = json.putArray("inputs");
      inputs.forEach(input -> below.add(input.describe()));
    }
    return json;
  }
}
