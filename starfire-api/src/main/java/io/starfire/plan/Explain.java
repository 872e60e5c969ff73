package io.starfire.plan;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.starfire.api.Window;
import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.plan.PlanNode.BranchNode;
import io.starfire.plan.PlanNode.BranchOutputNode;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.DedupNode;
import io.starfire.plan.PlanNode.EnhanceNode;
import io.starfire.plan.PlanNode.EnrichNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.FilterNode;
import io.starfire.plan.PlanNode.FlatMapNode;
import io.starfire.plan.PlanNode.GroupNode;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.KeyedNode;
import io.starfire.plan.PlanNode.MapNode;
import io.starfire.plan.PlanNode.OrphansNode;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.plan.PlanNode.UnionNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/**
 * Explains a plan as text: its stages with the operators fused into them, its shuffles, the granted
 * windows, and what the driver makes of them. Golden files test the text. Stateless.
 */
public final class Explain {
  private final Plan plan;
  private final Grants grants;
  private final boolean inBatch;
  private final StringBuilder text = new StringBuilder();

  private Explain(Plan plan, Grants grants, boolean inBatch) {
    this.plan = plan;
    this.inBatch = inBatch;
    this.grants = grants;
  }

  /** The plan for the stream driver, with topics and the delay budget. */
  public static String stream(Plan plan, Grants grants, Duration lateness, String applicationId) {
    Explain explain = new Explain(plan, grants, false);
    explain.head("stream");
    explain.line("application %s", applicationId);
    explain.stages(
        shuffle ->
            "topic "
                + TopicNames.log(applicationId, shuffle.toStage())
                + (shuffle.judgesLateness() ? ", judges lateness" : ""));
    explain.line("delay budget (lateness %s and what operators hold back)", lateness);
    DelayBudget budget = DelayBudget.of(plan, grants, lateness);
    for (SinkNode sink : plan.sinks()) {
      String name = sink.label();
      explain.line("  %s: %s", name, requireNonNull(budget.bySink().get(name), name));
    }
    return explain.text.toString();
  }

  /** The plan for the batch driver, with jobs and the reach of a run over {@code output}. */
  public static String batch(Plan plan, Interval output) {
    Explain explain = new Explain(plan, Grants.asked(plan), true);
    explain.head("batch");
    explain.stages(shuffle -> "shuffle of the job '" + shuffle.toStage() + "'");
    Reach reach = Reach.of(plan, explain.grants, output);
    explain.line("reach of a run over %s", output);
    for (SourceNode source : plan.sources()) {
      explain.line("  %s: %s", source.name(), reach.of(source));
    }
    return explain.text.toString();
  }

  private void head(String driver) {
    line("pipeline %s, driver %s, fingerprint %s", plan.pipeline(), driver, plan.fingerprint());
  }

  private void stages(Function<Shuffle, String> carrier) {
    for (Stage stage : plan.stages()) {
      line("stage %s: %s", stage.name(), stage.head().accept(new Title()));
      for (Shuffle input : stage.inputs()) {
        line("  reads %s by %s", input.name(), carrier.apply(input));
      }
      Set<String> shown = new HashSet<>();
      for (KeyedNode keyed : stage.keyed()) {
        if (keyed != stage.head()) {
          line("  %s", keyed.accept(new Title()));
          fused(stage, keyed, "    ", shown);
        }
      }
      fused(stage, stage.head(), "  ", shown);
    }
  }

  private void fused(Stage stage, PlanNode node, String indent, Set<String> shown) {
    for (Shuffle output : stage.outputs()) {
      if (output.from() == node) {
        line("%ssends to %s", indent, output.name());
      }
    }
    for (PlanNode consumer : plan.consumersOf(node)) {
      if (consumer instanceof KeyedNode keyed) {
        if (stage.holds(keyed)) {
          line("%sgoes on to %s in this stage", indent, keyed.name());
        }
        continue;
      }
      if (shown.add(consumer.name())) {
        line("%s%s", indent, consumer.accept(new Title()));
        fused(stage, consumer, indent + "  ", shown);
      } else {
        line("%s%s, see above", indent, consumer.name());
      }
    }
  }

  private static String describe(DataSourceSchema schema) {
    return "data source %s: dimensions %s, metrics %s, segments by %s, times by %s%s"
        .formatted(
            schema.name(),
            schema.dimensions().stream().map(column -> column.name()).collect(joining(", ")),
            schema.metrics().stream()
                .map(column -> column.name() + " (" + column.aggregation() + ")")
                .collect(joining(", ")),
            schema.segmentGranularity().jsonName(),
            schema.queryGranularity().jsonName(),
            schema.rollup() ? ", rolled up" : "");
  }

  private static String window(Window window) {
    return "[-%s, +%s]".formatted(window.before(), window.after());
  }

  private void line(String format, Object... arguments) {
    text.append(format.formatted(arguments)).append('\n');
  }

  /** An operator in a few words. */
  private final class Title implements PlanVisitor<String> {
    @Override
    public String source(SourceNode node) {
      return "source of %s, %s"
          .formatted(node.type().name(), node.hasIdentity() ? "with identity" : "without identity");
    }

    @Override
    public String dedup(DedupNode node) {
      return "removes copies of " + node.source().name() + " by identity";
    }

    @Override
    public String map(MapNode node) {
      return node.name();
    }

    @Override
    public String flatMap(FlatMapNode node) {
      return node.name();
    }

    @Override
    public String filter(FilterNode node) {
      return node.name();
    }

    @Override
    public String enrich(EnrichNode node) {
      return node.name() + " with lookup " + node.lookup().name();
    }

    @Override
    public String enhance(EnhanceNode node) {
      return node.name() + ": " + String.join(", ", node.steps().describe());
    }

    @Override
    public String join(JoinNode node) {
      return "join, asks %s, granted %s%s"
          .formatted(
              window(node.window()),
              window(grants.window(node)),
              node.completesOnFirst() ? ", completes on the first match" : "");
    }

    @Override
    public String orphans(OrphansNode node) {
      return node.name();
    }

    @Override
    public String union(UnionNode node) {
      return node.name()
          + " of "
          + node.inputs().stream().map(PlanNode::name).collect(joining(", "));
    }

    @Override
    public String branch(BranchNode node) {
      return node.name() + ", splits";
    }

    @Override
    public String branchOutput(BranchOutputNode node) {
      return node.name();
    }

    @Override
    public String group(GroupNode node) {
      return "group by %s in windows of %s, %s"
          .formatted(
              node.keyType().name(),
              node.windows(),
              node.form() instanceof GroupForm.Aggregate
                  ? "adds events up"
                  : "keeps events until their window is over");
    }

    @Override
    public String dataSource(DataSourceNode node) {
      return "writes " + describe(node.dataSource().schema());
    }

    @Override
    public String topic(TopicNode node) {
      return "writes topic %s: %s, %s%s"
          .formatted(
              node.topic().name(),
              node.topic().format(),
              node.topic().hasKey() ? "with key" : "without key",
              inBatch ? "; not by a batch run, which leaves topics out" : "");
    }

    @Override
    public String files(FilesNode node) {
      return "writes files %s: %s%s"
          .formatted(
              node.files().name(),
              node.files().format(),
              inBatch ? "" : "; not by the stream: a batch run writes them");
    }
  }
}
