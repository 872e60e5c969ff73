package io.starfire.plan;

import static java.util.stream.Collectors.joining;

import io.starfire.api.Window;
import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.plan.PlanNode.EnrichNode;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.SourceNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Explains a plan as text: its stages with the operators fused into them, its shuffles, the granted
 * windows, and what the driver makes of them. Golden files test the text. Stateless.
 */
public final class Explain {
  private final Plan plan;
  private final Grants grants;
  private final StringBuilder text = new StringBuilder();

  private Explain(Plan plan, Grants grants) {
    this.plan = plan;
    this.grants = grants;
  }

  /** The plan for the stream driver, with topics and the delay budget. */
  public static String stream(Plan plan, Grants grants, Duration lateness, String applicationId) {
    Explain explain = new Explain(plan, grants);
    explain.head("stream");
    explain.line("application %s", applicationId);
    explain.stages(
        shuffle ->
            "topic "
                + TopicNames.repartition(applicationId, shuffle)
                + (shuffle.judgesLateness() ? ", judges lateness" : ""));
    explain.line("delay budget (lateness %s and what joins hold back)", lateness);
    DelayBudget budget = DelayBudget.of(plan, grants, lateness);
    for (SinkNode sink : plan.sinks()) {
      String name = sink.dataSource().schema().name();
      explain.line("  %s: %s", name, budget.bySink().get(name));
    }
    return explain.text.toString();
  }

  /** The plan for the batch driver, with jobs and the reach of a run over {@code output}. */
  public static String batch(Plan plan, Interval output) {
    Explain explain = new Explain(plan, Grants.asked(plan));
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
      line("stage %s: %s", stage.name(), head(stage));
      for (Shuffle input : stage.inputs()) {
        line(
            "  reads %s (%s) by %s",
            input.name(), input.side().name().toLowerCase(Locale.ROOT), carrier.apply(input));
      }
      if (stage.kind() == Stage.Kind.SOURCE && ((SourceNode) stage.head()).hasIdentity()) {
        line("  sends to %s", stage.outputs().get(0).name());
      } else {
        fused(stage.head(), "  ");
      }
    }
  }

  private String head(Stage stage) {
    if (stage.kind() == Stage.Kind.JOIN) {
      JoinNode join = (JoinNode) stage.head();
      return "join, asks %s, granted %s%s"
          .formatted(
              window(join.window()),
              window(grants.window(join)),
              join.completesOnFirst() ? ", completes on the first match" : "");
    }
    SourceNode source = (SourceNode) stage.head();
    return stage.kind() == Stage.Kind.SOURCE
        ? "source of %s, %s"
            .formatted(
                source.type().getSimpleName(),
                source.hasIdentity() ? "with identity" : "without identity")
        : "removes copies of " + source.name() + " by identity";
  }

  private void fused(PlanNode node, String indent) {
    for (PlanNode consumer : plan.consumersOf(node)) {
      if (consumer instanceof SinkNode sink) {
        line("%swrites %s", indent, describe(sink.dataSource().schema()));
      } else if (consumer instanceof JoinNode join) {
        line("%ssends to %s", indent, sides(join, node));
      } else {
        line("%s%s%s", indent, consumer.name(), lookup(consumer));
        fused(consumer, indent + "  ");
      }
    }
  }

  private static String lookup(PlanNode node) {
    return node instanceof EnrichNode enrich ? " with lookup " + enrich.lookup().name() : "";
  }

  private static String sides(JoinNode join, PlanNode node) {
    List<String> sides = new ArrayList<>();
    if (join.primary() == node) {
      sides.add(join.name() + "-primary");
    }
    if (join.secondary() == node) {
      sides.add(join.name() + "-secondary");
    }
    return String.join(", ", sides);
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
}
