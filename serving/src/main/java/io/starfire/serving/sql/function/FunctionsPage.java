package io.starfire.serving.sql.function;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The list of all functions, as the documentation has it. Stateless. */
public final class FunctionsPage {
  private FunctionsPage() {}

  /** The titles and the rows of the tables, in order. */
  public static List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (FunctionDefinition.Group group : FunctionDefinition.Group.values()) {
      lines.add("### " + group.title());
      for (FunctionDefinition one : SqlFunctions.instance().functions()) {
        if (one.group() == group) {
          lines.add(row(one.name(), one.parameters(), one.meaning()));
        }
      }
    }
    lines.add("### Aggregates");
    for (AggregateDefinition one : SqlFunctions.instance().aggregates()) {
      lines.add(row(one.name(), one.parameters(), one.meaning()));
    }
    lines.add("### Functions of the standard");
    StandardFunctions.ALL.forEach((name, said) -> lines.add(row(name, said[0], said[1])));
    return lines;
  }

  private static String row(String name, String parameters, String meaning) {
    String escaped = parameters.replace("|", "\\|");
    return "| `%s(%s)` | %s |".formatted(name.toUpperCase(Locale.ROOT), escaped, meaning);
  }
}
