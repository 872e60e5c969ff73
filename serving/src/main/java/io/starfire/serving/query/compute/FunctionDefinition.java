package io.starfire.serving.query.compute;

import java.util.function.Function;

/**
 * A function of the expression language.
 *
 * @param group the part of the page under which it stands
 * @param name in the case that is shown; calls may use any
 * @param parameters such as {@code text, length[, padding]}; {@code ...} after the last means any
 *     number of them
 * @param meaning one line for the page
 * @param binding makes the node of a call
 */
record FunctionDefinition(
    Group group, String name, String parameters, String meaning, Function<Call, Node> binding) {
  /** The parts of the page. */
  enum Group {
    CONDITIONS("Conditions and types"),
    NUMBERS("Numbers"),
    TEXT("Text"),
    TIME("Time"),
    ARRAYS("Arrays and columns with several values"),
    JSON("Nested values");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  int minimum() {
    int optional = parameters.indexOf('[');
    return count(optional < 0 ? parameters : parameters.substring(0, optional));
  }

  int maximum() {
    return parameters.contains("...") ? Integer.MAX_VALUE : count(parameters);
  }

  private static int count(String list) {
    String plain = list.replace("...", "").strip();
    return plain.isEmpty() ? 0 : 1 + (int) plain.chars().filter(c -> c == ',').count();
  }

  /** A row of the page's table. */
  String row() {
    return "| `%s(%s)` | %s |".formatted(name, parameters.replace("|", "\\|"), meaning);
  }

  Node bind(Call call) {
    if (call.size() < minimum() || call.size() > maximum()) {
      throw call.fault(
          "the function is called as %s(%s), got %d arguments"
              .formatted(name, parameters, call.size()));
    }
    return binding.apply(call);
  }
}
