package io.starfire.plan;

import static java.util.Objects.requireNonNull;

import io.starfire.api.Branches;
import io.starfire.api.Stream;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.plan.PlanNode.BranchNode;
import io.starfire.plan.PlanNode.BranchOutputNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Branches that are being described. Not thread-safe. */
final class BranchBuilder<T> implements Branches.Builder<T> {
  private final FlowBuilder flow;
  private final String name;
  private final PlanNode input;
  private final String description;
  private final List<String> outputs = new ArrayList<>();
  private final List<Predicate<Object>> predicates = new ArrayList<>();

  BranchBuilder(FlowBuilder flow, String name, PlanNode input) {
    this.flow = flow;
    this.name = name;
    this.input = input;
    this.description = "branch '" + name + "'";
    flow.begin(description);
  }

  @Override
  public Branches.Builder<T> when(String output, Predicate<? super T> predicate) {
    addOutput(output);
    predicates.add(FlowBuilder.erase(requireNonNull(predicate, "predicate")));
    return this;
  }

  @Override
  public Branches<T> otherwise(String output) {
    addOutput(output);
    return finish();
  }

  @Override
  public Branches<T> dropOthers() {
    return finish();
  }

  private void addOutput(String output) {
    OperatorNames.check("branch output", output);
    if (outputs.contains(output)) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "%s has two outputs named '%s'; give the second another name"
              .formatted(description, output));
    }
    outputs.add(output);
  }

  private Branches<T> finish() {
    flow.finish(description);
    BranchNode branch = new BranchNode(name, input, predicates, outputs);
    flow.add(branch);
    Map<String, Stream<T>> streams = new LinkedHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      String node = name + "-" + outputs.get(i);
      flow.claim("branch output", node);
      streams.put(outputs.get(i), flow.add(new BranchOutputNode(node, branch, i)));
    }
    return output -> {
      Stream<T> stream = streams.get(output);
      if (stream == null) {
        throw new StarfireException(
            ErrorCode.INVALID_PIPELINE,
            "%s has no output '%s'; it has %s".formatted(description, output, streams.keySet()));
      }
      return stream;
    };
  }
}
