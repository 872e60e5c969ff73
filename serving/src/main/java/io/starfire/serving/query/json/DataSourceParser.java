package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.expression.Operator;
import io.starfire.serving.query.expression.Term;
import io.starfire.serving.query.model.DataSource;
import io.starfire.serving.query.model.QueryChecks;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads where a query takes its rows from. Stateless. */
final class DataSourceParser {
  /** Queries, unions and joins inside of each other. */
  private static final int MAX_DEPTH = 20;

  private static final Set<String> KNOWN =
      Set.of("table", "union", "inline", "query", "lookup", "join");
  private static final Set<String> OF_DRUID = Set.of("unnest", "filter", "globalTable", "restrict");

  private DataSourceParser() {}

  /** The field {@code dataSource} of a query. */
  static DataSource parse(JsonFields query) {
    return parse(query.required("dataSource"), query.pathOf("dataSource"), query.depth() + 1);
  }

  private static DataSource parse(JsonNode node, String path, int depth) {
    if (depth > MAX_DEPTH) {
      throw QueryChecks.invalid("%s: data sources are nested deeper than %d", path, MAX_DEPTH);
    }
    if (node.isTextual()) {
      return new DataSource.Table(node.textValue());
    }
    if (!node.isObject()) {
      throw QueryChecks.invalid(
          "%s must be a name, such as \"sales\", or {\"type\": \"table\", \"name\": \"sales\"},"
              + " got %s",
          path, JsonFields.describe(node));
    }
    JsonFields fields = new JsonFields(node, path, depth);
    String type = fields.text("type");
    DataSource dataSource =
        switch (type) {
          case "table" -> new DataSource.Table(fields.text("name"));
          case "union" -> union(fields, depth);
          case "inline" -> InlineParser.parse(fields);
          case "query" ->
              new DataSource.OfQuery(
                  QueryParser.parse(
                      new JsonFields(fields.required("query"), fields.pathOf("query"), depth)));
          case "lookup" -> new DataSource.OfLookup(fields.text("lookup"));
          case "join" -> join(fields, depth);
          default -> throw QueryParser.unknownType(fields.pathOf("type"), type, KNOWN, OF_DRUID);
        };
    fields.rejectUnknown("a data source of type " + type);
    return dataSource;
  }

  private static DataSource.Union union(JsonFields fields, int depth) {
    List<DataSource.Table> members = new ArrayList<>();
    for (JsonNode node : fields.list("dataSources")) {
      String path = fields.pathOf("dataSources") + "[" + members.size() + "]";
      DataSource member = parse(node, path, depth + 1);
      if (!(member instanceof DataSource.Table table)) {
        throw QueryChecks.unsupported("%s must be a table, not %s", path, member.text());
      }
      members.add(table);
    }
    return new DataSource.Union(members);
  }

  private static DataSource.Join join(JsonFields fields, int depth) {
    fields.refuse("leftFilter", "joinAlgorithm");
    String prefix = fields.text("rightPrefix");
    return new DataSource.Join(
        parse(fields.required("left"), fields.pathOf("left"), depth + 1),
        parse(fields.required("right"), fields.pathOf("right"), depth + 1),
        prefix,
        keys(fields, prefix),
        keepsLeft(fields));
  }

  private static boolean keepsLeft(JsonFields fields) {
    String type = fields.text("joinType");
    return switch (type) {
      case "INNER", "inner" -> false;
      case "LEFT", "left" -> true;
      default ->
          throw QueryParser.unknownType(
              fields.pathOf("joinType"), type, Set.of("INNER", "LEFT"), Set.of("RIGHT", "FULL"));
    };
  }

  /** The equalities of the condition, which must all hold. */
  private static List<DataSource.Join.Key> keys(JsonFields fields, String prefix) {
    Expression condition = VirtualColumnParser.expression(fields, "condition");
    List<DataSource.Join.Key> keys = new ArrayList<>();
    addKeys(condition, condition.root(), prefix, keys);
    return keys;
  }

  private static void addKeys(
      Expression condition, Term term, String prefix, List<DataSource.Join.Key> keys) {
    if (term instanceof Term.Binary both && both.operator() == Operator.AND) {
      addKeys(condition, both.left(), prefix, keys);
      addKeys(condition, both.right(), prefix, keys);
      return;
    }
    // Every row fits every row.
    if (term instanceof Term.Literal literal && Long.valueOf(1).equals(literal.value())) {
      return;
    }
    if (term instanceof Term.Binary equality && equality.operator() == Operator.EQUAL) {
      if (isRight(equality.right(), prefix) && !readsRight(equality.left(), prefix)) {
        keys.add(key(condition, equality.left(), equality.right(), prefix));
        return;
      }
      if (isRight(equality.left(), prefix) && !readsRight(equality.right(), prefix)) {
        keys.add(key(condition, equality.right(), equality.left(), prefix));
        return;
      }
    }
    throw condition.fault(
        term.position(),
        ("a join's condition is one or more equalities joined by &&, such as country =="
                + " \"%sk\", each with a column of the right side alone on one side, and an"
                + " expression over the left side on the other")
            .formatted(prefix));
  }

  private static DataSource.Join.Key key(
      Expression condition, Term left, Term right, String prefix) {
    String column = ((Term.Name) right).name().substring(prefix.length());
    return new DataSource.Join.Key(
        new Expression("%s, at %d".formatted(condition.text(), left.position()), left), column);
  }

  private static boolean isRight(Term term, String prefix) {
    return term instanceof Term.Name name && name.name().startsWith(prefix);
  }

  private static boolean readsRight(Term term, String prefix) {
    Set<String> columns = new LinkedHashSet<>();
    Term.collectColumns(term, columns);
    return columns.stream().anyMatch(column -> column.startsWith(prefix));
  }
}
