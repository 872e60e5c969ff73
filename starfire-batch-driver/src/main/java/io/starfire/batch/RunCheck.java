package io.starfire.batch;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.RowSchemas;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.Planner;
import io.starfire.plan.Reach;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Refuses runs whose result could not be right. Stateless. */
final class RunCheck {
  private RunCheck() {}

  /** The plan of a run, whose interval is over and fits it. */
  static Plan plan(BatchOptions options, long nowMillis) {
    Plan plan =
        Planner.plan(
            options.pipeline(),
            Thread.currentThread().getContextClassLoader(),
            RowSchemas.of(options.config()));
    interval(plan, options.interval());
    over(options.interval(), nowMillis);
    return plan;
  }

  /** Refuses an interval that is empty or not made of whole segment buckets. */
  static void interval(Plan plan, Interval interval) {
    if (interval.isEmpty()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "interval %s is empty; write it like 2026-11-20T10/PT1H".formatted(interval));
    }
    if (!Interval.ETERNITY.contains(interval)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "interval %s is not within the years 1970 to 9999".formatted(interval));
    }
    if (plan.dataSources().isEmpty() && plan.files().isEmpty()) {
      throw new StarfireException(
          ErrorCode.UNSUPPORTED,
          "%s writes topics only, and a batch run writes none: what is in a topic cannot be replaced; run it with 'bin/starfire stream'"
              .formatted(plan.shortName()));
    }
    Set<String> names = new HashSet<>();
    for (DataSourceNode sink : plan.dataSources()) {
      DataSourceSchema schema = sink.dataSource().schema();
      Granularity granularity = schema.segmentGranularity();
      if (!granularity.isAligned(interval)) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "interval %s is not made of whole segment buckets of data source '%s' (%s); use %s"
                .formatted(
                    interval, schema.name(), granularity.jsonName(), granularity.align(interval)));
      }
      if (!names.add(schema.name())) {
        throw new StarfireException(
            ErrorCode.UNSUPPORTED,
            "%s writes data source '%s' twice, which a publication cannot hold; unite the streams before to()"
                .formatted(plan.shortName(), schema.name()));
      }
    }
  }

  /**
   * Refuses an interval that is not over: the stream would go on to fill it below the version of
   * the run, where nobody sees it.
   */
  private static void over(Interval interval, long nowMillis) {
    if (interval.endMillis() > nowMillis) {
      throw new StarfireException(
          ErrorCode.INCOMPLETE_INPUT,
          "interval %s is not over, and it is %s: rows that arrive later would be hidden; name an interval that is over"
              .formatted(interval, Times.format(nowMillis)));
    }
  }

  /** Refuses an interval for which events may still arrive. */
  static void closed(Plan plan, Reach reach, Duration slack, long nowMillis) {
    long endMillis = reach.hullOfSources(plan).endMillis();
    long closedMillis = endMillis + slack.toMillis();
    if (closedMillis > nowMillis) {
      throw new StarfireException(
          ErrorCode.INCOMPLETE_INPUT,
          "interval %s is not closed: it needs events up to %s, which may arrive until %s, and it is %s; wait, or take what there is with --allow-incomplete"
              .formatted(
                  reach.output(),
                  Times.format(endMillis),
                  Times.format(closedMillis),
                  Times.format(nowMillis)));
    }
  }
}
