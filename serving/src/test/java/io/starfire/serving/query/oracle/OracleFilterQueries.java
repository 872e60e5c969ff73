package io.starfire.serving.query.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.Interval;
import io.starfire.event.ColumnType;
import java.util.List;
import java.util.Random;

/** Random filters over columns of known types. */
final class OracleFilterQueries {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> TEXTS =
      List.of("", "a", "b", "ab", "c", "10", "9", "2.5", "a2", "a10", "ä", "\uD83D\uDE00", "NaN");
  private static final List<String> NUMBERS =
      List.of("-3", "0", "1", "2.5", "7.0", "9", "10", "-0.25", "9223372036854775807", "1e3");
  private static final List<String> PATTERNS =
      List.of(
          "%", "a%", "%a", "_", "a_%", "%1%", "a\\%", "a!_b", "_b", "", "%a%b%", "ä%", "__", "!%");
  private static final List<String> REGEXES =
      List.of("a", "^a", "b$", "[0-9]+", ".", "^$", "(a|b)+", "\\d\\.\\d", "^.$", "NaN", "x\ny");

  private final Random random;
  private final List<OracleSchema.Column> columns;
  private final Interval span;

  OracleFilterQueries(Random random, List<OracleSchema.Column> columns, Interval span) {
    this.random = random;
    this.columns = columns;
    this.span = span;
  }

  ObjectNode filter(int depth) {
    int kind = random.nextInt(depth == 0 ? 11 : 16);
    return switch (kind) {
      case 0 -> node("selector", "dimension").put("value", random.nextInt(5) == 0 ? null : asked());
      case 1 -> in();
      case 2, 3 -> bound();
      case 4 -> equalTo();
      case 5 -> node("null", "column");
      case 6 -> range();
      case 7 -> like();
      case 8 -> node("regex", "dimension").put("pattern", one(REGEXES));
      case 9 -> random.nextInt(4) == 0 ? constant() : interval();
      case 10 -> random.nextInt(3) == 0 ? comparison() : expression();
      case 11, 12 -> several("and", depth);
      case 13, 14 -> several("or", depth);
      default -> {
        ObjectNode not =
            JSON.objectNode().put("type", one(List.of("not", "not", "istrue", "isfalse")));
        not.set("field", filter(depth - 1));
        yield not;
      }
    };
  }

  private ObjectNode expression() {
    return JSON.objectNode()
        .put("type", "expression")
        .put("expression", new OracleExpressionTexts(random, columns).truth());
  }

  private ObjectNode comparison() {
    ObjectNode node = JSON.objectNode().put("type", "columnComparison");
    node.putArray("dimensions").add(column()).add(column());
    return node;
  }

  private ObjectNode constant() {
    return JSON.objectNode().put("type", random.nextBoolean() ? "true" : "false");
  }

  private ObjectNode several(String type, int depth) {
    ObjectNode node = JSON.objectNode().put("type", type);
    ArrayNode fields = node.putArray("fields");
    for (int i = random.nextInt(3); i >= 0; i--) {
      fields.add(filter(depth - 1));
    }
    return node;
  }

  private ObjectNode in() {
    ObjectNode node = node("in", "dimension");
    ArrayNode values = node.putArray("values");
    for (int i = random.nextInt(4); i >= 0; i--) {
      if (random.nextInt(6) == 0) {
        values.addNull();
      } else {
        values.add(asked());
      }
    }
    return node;
  }

  private ObjectNode bound() {
    ObjectNode node = node("bound", "dimension");
    String ordering =
        one(List.of("lexicographic", "numeric", "alphanumeric", "strlen", "natural", ""));
    if (!ordering.isEmpty()) {
      node.put("ordering", ordering);
    }
    boolean numbers = ordering.equals("numeric") || ordering.equals("natural");
    putEnds(node, numbers ? NUMBERS : TEXTS);
    if (random.nextBoolean()) {
      node.put("lowerStrict", random.nextBoolean()).put("upperStrict", random.nextBoolean());
    }
    return node;
  }

  private void putEnds(ObjectNode node, List<String> ends) {
    int which = random.nextInt(3);
    if (which != 0) {
      node.put("lower", one(ends));
    }
    if (which != 1) {
      node.put("upper", one(ends));
    }
  }

  private ObjectNode equalTo() {
    ObjectNode node = node("equals", "column");
    return switch (random.nextInt(3)) {
      case 0 -> node.put("matchValueType", "STRING").put("matchValue", asked());
      case 1 -> node.put("matchValueType", "LONG").put("matchValue", random.nextInt(20) - 5);
      default -> node.put("matchValueType", "double").put("matchValue", random.nextInt(20) / 4.0);
    };
  }

  private ObjectNode range() {
    ObjectNode node = node("range", "column");
    if (random.nextBoolean()) {
      node.put("matchValueType", "DOUBLE");
      putEnds(node, NUMBERS);
    } else {
      node.put("matchValueType", "STRING");
      putEnds(node, isNumber(node.get("column").asText()) ? NUMBERS : TEXTS);
    }
    if (random.nextBoolean()) {
      node.put("lowerOpen", random.nextBoolean()).put("upperOpen", random.nextBoolean());
    }
    return node;
  }

  private boolean isNumber(String name) {
    return columns.stream()
        .noneMatch(column -> column.name().equals(name) && column.type() == ColumnType.STRING);
  }

  private ObjectNode like() {
    ObjectNode node = node("like", "dimension").put("pattern", one(PATTERNS));
    if (node.get("pattern").asText().contains("!")) {
      node.put("escape", "!");
    } else if (node.get("pattern").asText().contains("\\")) {
      node.put("escape", "\\");
    }
    return node;
  }

  private ObjectNode interval() {
    ObjectNode node = JSON.objectNode().put("type", "interval");
    node.put("dimension", random.nextInt(4) == 0 ? column() : "__time");
    ArrayNode intervals = node.putArray("intervals");
    for (int i = random.nextInt(2); i >= 0; i--) {
      long start = span.startMillis() + random.nextLong(span.lengthMillis());
      intervals.add(
          new Interval(start, start + random.nextLong(span.lengthMillis() / 2)).toString());
    }
    return node;
  }

  private ObjectNode node(String type, String columnField) {
    return JSON.objectNode().put("type", type).put(columnField, column());
  }

  private String column() {
    int at = random.nextInt(columns.size() + 2);
    return at < columns.size()
        ? columns.get(at).name()
        : at == columns.size() ? "absent" : "__time";
  }

  private String asked() {
    return one(random.nextInt(3) == 0 ? NUMBERS : TEXTS);
  }

  private String one(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }
}
