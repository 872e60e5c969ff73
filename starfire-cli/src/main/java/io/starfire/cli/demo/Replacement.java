package io.starfire.cli.demo;

import io.starfire.batch.BatchOptions;
import io.starfire.batch.BatchReport;
import io.starfire.batch.BatchRun;
import io.starfire.batch.base.Progress;
import io.starfire.common.Interval;
import io.starfire.jobs.ads.AdEvents;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The switch: a batch run delivers the hours again, while threads ask for all of them at once
 * without pause. Every answer has to be wholly the old or wholly the new one.
 */
final class Replacement {
  private static final int QUERY_THREADS = 4;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Answers to see before the run begins, and again after the new numbers were first seen. */
  private static final int ANSWERS_EACH_SIDE = 100;

  private final DemoParts parts;
  private final Interval interval;
  private final PrintWriter out;
  private final Waiting waiting;

  Replacement(DemoParts parts, Interval interval, PrintWriter out, Waiting waiting) {
    this.parts = parts;
    this.interval = interval;
    this.out = out;
    this.waiting = waiting;
  }

  /** Runs the batch job and returns what was seen meanwhile. */
  Replaced run() {
    HourQuery query = new HourQuery(parts.port(), interval);
    List<HourNumbers> before = query.ask();
    AnswerLog log = new AnswerLog();
    Watch watch = new Watch(out);
    BatchReport report;
    List<HourNumbers> after;
    long batchMillis;
    try (QueryLoad load = new QueryLoad(QUERY_THREADS, query, log)) {
      waiting.until("the first answers", LIMIT, () -> log.answers() >= ANSWERS_EACH_SIDE);
      long startedNanos = System.nanoTime();
      report =
          BatchRun.run(BatchOptions.of(AdEvents.class.getName(), interval, parts.config()), watch);
      batchMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
      after = query.ask();
      List<HourNumbers> expected = after;
      waiting.until(
          "answers after the switch", LIMIT, () -> log.count(expected) >= ANSWERS_EACH_SIDE);
    }
    return seen(log, before, after, watch, batchMillis, report);
  }

  private static Replaced seen(
      AnswerLog log,
      List<HourNumbers> before,
      List<HourNumbers> after,
      Watch watch,
      long batchMillis,
      BatchReport report) {
    long oldAnswers = log.count(before);
    long newAnswers = before.equals(after) ? 0 : log.count(after);
    long firstNew = log.firstNanos(after);
    return new Replaced(
        after,
        log.answers() + log.failures(),
        oldAnswers,
        newAnswers,
        log.answers() - oldAnswers - newAnswers,
        log.failures(),
        log.firstFailure(),
        Math.max(0, TimeUnit.NANOSECONDS.toMillis(firstNew - watch.registeredNanos)),
        batchMillis,
        report.outcomes());
  }

  /** Shows the run's progress, and notes when the coordinator took its publication. */
  private static final class Watch implements Progress {
    private final PrintWriter out;
    private long registeredNanos;

    private Watch(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void line(String text) {
      out.println("  batch: " + text);
      out.flush();
    }

    @Override
    public void registered(String publicationId) {
      registeredNanos = System.nanoTime();
    }
  }
}
