package io.starfire.batch;

import io.starfire.batch.base.Progress;
import io.starfire.batch.input.InputPart;
import io.starfire.batch.input.RunInputs;
import io.starfire.batch.job.PlannedJob;
import io.starfire.batch.job.RunSettings;
import io.starfire.batch.job.SampleRun;
import io.starfire.common.Interval;
import io.starfire.config.StarfireConfig;
import io.starfire.event.DataSourceSchema;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.plan.Reach;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/**
 * {@code --dry-run}: what a run would read, which jobs it would run, and what it would publish. It
 * makes no file, and asks no coordinator. It refuses what the run would refuse before its first
 * job. Stateless.
 */
final class DryRun {
  private static final int SHOWN_FILES = 20;

  private DryRun() {}

  /** Lines for a person. */
  static List<String> lines(BatchOptions options, InstantSource clock) {
    StarfireConfig config = options.config();
    Configuration configuration =
        HadoopSettings.of(config, options.hadoopProperties(), System.getProperty("java.io.tmpdir"));
    Plan plan = RunCheck.plan(options, clock.millis());
    List<Interval> tiles = Tiles.of(plan, options.interval(), options.tile());
    new RunFiles(plan, options.interval(), "", new FileSets(config, configuration, Progress.SILENT))
        .check();
    PinnedTables tables = PinnedTables.read(plan, config, "", configuration);
    RunSettings settings =
        RunSettings.of(plan, config, options.interval(), clock.millis(), tables.originals(config));
    Reach reach = settings.reach();
    if (!options.allowIncomplete()) {
      RunCheck.closed(plan, reach, config.duration("starfire.batch.arrival-slack"), clock.millis());
    }
    RunInputs inputs =
        RunInputs.find(plan, reach, config, options.allowIncomplete(), configuration);
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s over %s, plan %s: nothing is run, written or published"
            .formatted(plan.shortName(), options.interval(), plan.fingerprint()));
    reads(plan, reach, inputs, lines);
    jobs(settings, tiles, SampleRun.of(settings, inputs, configuration), lines);
    return lines;
  }

  private static void reads(Plan plan, Reach reach, RunInputs inputs, List<String> lines) {
    lines.add("reads");
    for (int i = 0; i < plan.sources().size(); i++) {
      SourceNode source = plan.sources().get(i);
      List<InputPart> parts = inputs.parts().get(i);
      lines.add(
          text(
              "  %s: events of %s, %,d files, %,d bytes",
              source.name(),
              reach.of(source),
              parts.size(),
              parts.stream().mapToLong(InputPart::length).sum()));
      parts.stream()
          .limit(SHOWN_FILES)
          .forEach(part -> lines.add(text("    %s, %,d bytes", part.file(), part.length())));
      if (parts.size() > SHOWN_FILES) {
        lines.add(text("    and %,d more", parts.size() - SHOWN_FILES));
      }
    }
  }

  private static void jobs(
      RunSettings settings, List<Interval> tiles, SampleRun.Estimate estimate, List<String> lines) {
    Plan plan = settings.plan();
    lines.add(
        tiles.size() == 1
            ? "jobs"
            : text("jobs of each of %,d tiles; the estimates are of all together", tiles.size()));
    for (PlannedJob job : PlannedJob.all(plan)) {
      String size =
          switch (job.work()) {
            case READ -> "no shuffle";
            case STAGE ->
                text(
                    "shuffles about %,d bytes before compression and adding up",
                    estimate.shuffleBytes().getOrDefault(job.title(), 0L));
            case INDEX ->
                text(
                    "sorts about %,d rows",
                    plan.dataSources().stream()
                        .mapToLong(sink -> estimate.rows().getOrDefault(plan.indexOf(sink), 0L))
                        .sum());
          };
      lines.add("  %s: %s".formatted(job.title(), size));
    }
    if (!plan.dataSources().isEmpty()) {
      lines.add("would publish, all at once");
    }
    for (DataSourceNode sink : plan.dataSources()) {
      DataSourceSchema schema = sink.dataSource().schema();
      int buckets = schema.segmentGranularity().bucketsIn(settings.interval()).size();
      lines.add(
          text(
              "  %s: %,d buckets (%s), all of them replaced",
              schema.name(), buckets, schema.segmentGranularity().jsonName()));
    }
    for (FilesNode sink : plan.files()) {
      lines.add(
          text(
              "would write files %s (%s): about %,d results",
              sink.files().name(),
              sink.files().format(),
              estimate.rows().getOrDefault(plan.indexOf(sink), 0L)));
    }
    for (TopicNode sink : plan.topics()) {
      lines.add("would leave out " + sink.label());
    }
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
