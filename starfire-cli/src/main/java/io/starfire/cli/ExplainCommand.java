package io.starfire.cli;

import io.starfire.common.Interval;
import io.starfire.config.StarfireConfig;
import io.starfire.event.ResultCodec;
import io.starfire.event.RowSchemas;
import io.starfire.plan.Explain;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode;
import io.starfire.plan.Planner;
import io.starfire.stream.StreamDriver;
import io.starfire.stream.StreamSettings;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the plan of a pipeline for one driver. */
@Command(
    name = "explain",
    description = "Prints the plan of a pipeline: stages, shuffles, windows, fingerprint.",
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CLASS", description = "The pipeline's class.")
  private String className;

  @Option(
      names = "--driver",
      description = "The driver that runs the plan: ${COMPLETION-CANDIDATES}.")
  private Driver driver;

  @Option(
      names = "--interval",
      paramLabel = "ISO/ISO",
      description = "Interval of the batch run. Example: 2026-11-20T10/PT1H.")
  private String interval;

  @Option(
      names = "--schema",
      paramLabel = "NAME",
      description =
          "Prints, instead of the plan, the Avro schema of the results in this topic or these"
              + " files.")
  private String schema;

  @Mixin private JarOption jars;

  @Mixin private ConfigOption config;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    StarfireConfig loaded = config.load();
    Plan plan = Planner.plan(className, jars.loader(), RowSchemas.of(loaded));
    String text = schema == null ? explain(plan, loaded) : schema(plan);
    spec.commandLine().getOut().print(text);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private String explain(Plan plan, StarfireConfig loaded) {
    if (driver == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--driver is missing: stream or batch.");
    }
    return driver == Driver.stream ? stream(plan, loaded) : batch(plan);
  }

  private String schema(Plan plan) {
    Map<String, PlanNode> byName = new TreeMap<>();
    plan.topics().forEach(node -> byName.put(node.topic().name(), node));
    plan.files().forEach(node -> byName.putIfAbsent(node.files().name(), node));
    PlanNode node = byName.get(schema);
    if (node == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "%s writes no topic or files '%s'; it writes %s."
              .formatted(plan.shortName(), schema, byName.keySet()));
    }
    return ResultCodec.of(node.type()).schemaJson() + System.lineSeparator();
  }

  private String stream(Plan plan, StarfireConfig loaded) {
    StreamSettings settings = StreamSettings.from(loaded);
    return Explain.stream(
        plan,
        Grants.limited(plan, settings.grant(), settings.grants()),
        settings.lateness(),
        StreamDriver.applicationId(plan, loaded));
  }

  private String batch(Plan plan) {
    if (interval == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--interval is missing: what a batch run reads depends on it.");
    }
    return Explain.batch(plan, Interval.parse(interval));
  }

  /** The two ways of running a pipeline; spelled as on the command line. */
  enum Driver {
    stream,
    batch
  }
}
