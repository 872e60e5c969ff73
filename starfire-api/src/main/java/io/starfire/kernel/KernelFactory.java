package io.starfire.kernel;

import io.starfire.event.RecordCodec;
import io.starfire.plan.Grants;
import io.starfire.plan.GroupForm;
import io.starfire.plan.KeyedVisitor;
import io.starfire.plan.PlanNode.DedupNode;
import io.starfire.plan.PlanNode.GroupNode;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.Port;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Makes the kernel of an operator. Only here is a kernel known by its name. */
record KernelFactory(Grants grants, KernelState state, StageSteps steps, StageOutput output)
    implements KeyedVisitor<Kernel> {
  @Override
  public Kernel dedup(DedupNode node) {
    return new DedupKernel(state, output.counter(node.name()), passedOn(node));
  }

  /** A kernel in the same stage takes the bytes as they are: its key is the identity. */
  private DedupKernel.Output passedOn(DedupNode node) {
    List<StageSteps.LocalPort> ports = steps.localPorts(node);
    List<Step> leaving = steps.leaving(node);
    Step next = Step.all(leaving.toArray(Step[]::new));
    RecordCodec<Object> codec = StageSteps.codecOf(node);
    BooleanSupplier wanted = steps.wanted();
    return (identity, timeMillis, value) -> {
      for (StageSteps.LocalPort local : ports) {
        local.kernel().event(local.index(), identity, timeMillis, value);
      }
      if (!leaving.isEmpty() && wanted.getAsBoolean()) {
        next.accept(codec.decode(value), timeMillis);
      }
    };
  }

  @Override
  public Kernel join(JoinNode node) {
    return new JoinKernel(
        grants.window(node),
        node.completesOnFirst(),
        state,
        counter(node.ports().get(JoinKernel.PRIMARY_PORT)),
        counter(node.ports().get(JoinKernel.SECONDARY_PORT)),
        new JoinResults(
            node,
            steps.normalised(node),
            node.keepsOrphans() ? steps.outputOf(node, 0) : Step.all(),
            steps.wanted()));
  }

  @Override
  public Kernel group(GroupNode node) {
    GroupResults results = new GroupResults(node, steps.normalised(node), steps.wanted());
    OutcomeCounter counter = output.counter(node.name());
    if (node.form() instanceof GroupForm.Aggregate sums) {
      return new AggregateKernel(node.windows(), state, counter, results.new Added(sums));
    }
    GroupForm.Collect all = (GroupForm.Collect) node.form();
    return new CollectKernel(node.windows(), state, counter, results.new Collected(all));
  }

  private OutcomeCounter counter(Port port) {
    return output.counter(port.operator());
  }
}
