package io.starfire.plan;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;

/**
 * An input of an operator that needs the events of a key in one place. Several streams may come
 * together in it.
 *
 * @param name unique in the plan; shuffles are named after it
 * @param operator under which the outcomes of its events are counted
 * @param input the operator whose events it takes
 * @param key reads the key of an event; the key may be null
 */
public record Port(String name, String operator, PlanNode input, Function<Object, Object> key) {
  public Port {
    requireNonNull(name, "name");
    requireNonNull(operator, "operator");
    requireNonNull(input, "input");
    requireNonNull(key, "key");
  }
}
