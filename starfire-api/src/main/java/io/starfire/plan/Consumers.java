package io.starfire.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The operators that read each operator, in the order of the plan. Immutable. */
final class Consumers {
  private final Map<String, List<PlanNode>> byInput = new HashMap<>();

  Consumers(List<PlanNode> nodes) {
    for (PlanNode node : nodes) {
      Set<String> inputs = new LinkedHashSet<>();
      node.inputs().forEach(input -> inputs.add(input.name()));
      inputs.forEach(input -> byInput.computeIfAbsent(input, name -> new ArrayList<>()).add(node));
    }
  }

  /** Each consumer once, however often it reads the operator. */
  List<PlanNode> of(PlanNode node) {
    return List.copyOf(byInput.getOrDefault(node.name(), List.of()));
  }
}
