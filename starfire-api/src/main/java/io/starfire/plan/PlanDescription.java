package io.starfire.plan;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
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
import io.starfire.plan.PlanNode.MapNode;
import io.starfire.plan.PlanNode.OrphansNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.plan.PlanNode.UnionNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A plan as text, with a line for each operator: kind, name, inputs, types with their schema,
 * windows and columns. It cannot say what the author's functions do. Plans with equal text have
 * equal fingerprints. Stateless.
 */
public final class PlanDescription {
  private static final int FINGERPRINT_BYTES = 8;

  private PlanDescription() {}

  /** The lines; each ends with a line feed. */
  public static String text(Plan plan) {
    return plan.nodes().stream()
        .map(node -> line(plan, node) + "\n")
        .collect(Collectors.joining("", "pipeline " + plan.pipeline() + "\n", ""));
  }

  static String fingerprint(Plan plan) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text(plan).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new StarfireException(ErrorCode.INTERNAL, "this JVM has no SHA-256", e);
    }
  }

  static void requireEqual(String className, String submitted, String rebuilt) {
    if (submitted.equals(rebuilt)) {
      return;
    }
    List<String> left = submitted.lines().toList();
    List<String> right = rebuilt.lines().toList();
    int at = 0;
    while (at < left.size() && at < right.size() && left.get(at).equals(right.get(at))) {
      at++;
    }
    throw new StarfireException(
        ErrorCode.PLAN_MISMATCH,
        ("pipeline '%s' builds another plan in the task than the one submitted; line %d was '%s'"
                + " and is '%s'. define() must be deterministic, and client and tasks must have the"
                + " same jar")
            .formatted(
                className,
                at + 1,
                at < left.size() ? left.get(at) : "(end)",
                at < right.size() ? right.get(at) : "(end)"));
  }

  private static String line(Plan plan, PlanNode node) {
    List<String> parts = new ArrayList<>();
    parts.add(node.kind());
    parts.add(node.name());
    parts.add("from " + node.inputs().stream().map(PlanNode::name).toList());
    parts.addAll(node.accept(new Settings(plan)));
    parts.add("type " + node.type().schemaJson());
    return String.join("; ", parts);
  }

  private static String columns(DataSourceSchema schema) {
    return "dimensions %s metrics %s segments %s query %s rollup %s"
        .formatted(
            schema.dimensions().stream().map(PlanDescription::column).toList(),
            schema.metrics().stream().map(PlanDescription::column).toList(),
            schema.segmentGranularity().jsonName(),
            schema.queryGranularity().jsonName(),
            schema.rollup());
  }

  private static String column(DimensionSpec dimension) {
    return dimension.name() + " " + dimension.type();
  }

  private static String column(MetricSpec metric) {
    String column = metric.name() + " " + metric.aggregation();
    return metric.settings().isEmpty() ? column : column + " " + metric.settings();
  }

  /** What an operator has besides its name, its inputs and its type. */
  private record Settings(Plan plan) implements PlanVisitor<List<String>> {
    @Override
    public List<String> source(SourceNode node) {
      return List.of(node.hasIdentity() ? "with identity" : "without identity");
    }

    @Override
    public List<String> dedup(DedupNode node) {
      // The functions decide where it runs, and nothing else of them is in the description.
      return plan.stages().stream()
          .filter(stage -> stage.holds(node))
          .map(stage -> "in stage " + stage.name())
          .toList();
    }

    @Override
    public List<String> map(MapNode node) {
      return List.of();
    }

    @Override
    public List<String> flatMap(FlatMapNode node) {
      return List.of();
    }

    @Override
    public List<String> filter(FilterNode node) {
      return List.of();
    }

    @Override
    public List<String> enrich(EnrichNode node) {
      return List.of(
          "lookup " + node.lookup().name() + " by " + node.lookup().keyType().getName(),
          "row " + node.lookup().valueType().schemaJson());
    }

    @Override
    public List<String> enhance(EnhanceNode node) {
      return List.of("steps " + node.steps().describe());
    }

    @Override
    public List<String> join(JoinNode node) {
      return List.of(
          "before " + node.window().before() + " after " + node.window().after(),
          "floor " + node.window().floor(),
          (node.completesOnFirst() ? "complete on first" : "complete on all")
              + (node.keepsOrphans() ? ", keeps orphans" : ""));
    }

    @Override
    public List<String> orphans(OrphansNode node) {
      return List.of();
    }

    @Override
    public List<String> union(UnionNode node) {
      return List.of();
    }

    @Override
    public List<String> branch(BranchNode node) {
      return List.of(
          "outputs " + node.outputs(),
          node.outputs().size() > node.predicates().size() ? "keeps others" : "drops others");
    }

    @Override
    public List<String> branchOutput(BranchOutputNode node) {
      return List.of();
    }

    @Override
    public List<String> group(GroupNode node) {
      return List.of(
          "key " + node.keyType().schema(),
          "windows " + node.windows(),
          node.form() instanceof GroupForm.Aggregate sums
              ? "aggregate " + sums.accumulator().schemaJson()
              : "collect");
    }

    @Override
    public List<String> dataSource(DataSourceNode node) {
      return List.of(columns(node.dataSource().schema()));
    }

    @Override
    public List<String> topic(TopicNode node) {
      return List.of(
          "format " + node.topic().format(), node.topic().hasKey() ? "with key" : "without key");
    }

    @Override
    public List<String> files(FilesNode node) {
      return List.of("format " + node.files().format());
    }
  }
}
