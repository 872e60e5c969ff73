package io.starfire.cli.demo;

import io.starfire.common.DirectoryLock;
import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.jobs.ads.AdEventsGenerator;
import io.starfire.jobs.ads.AdEventsTruth;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/**
 * The demonstration: events flow, the real-time numbers stand beside the truth, a batch run
 * replaces five hours under queries, and the gap is gone.
 */
public final class Demo {
  private static final Duration REFRESH = Duration.ofSeconds(5);
  private static final Duration STAND_STILL = Duration.ofSeconds(5);
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final DemoSettings settings;
  private final PrintWriter out;
  private final InstantSource clock;
  private final Interval interval;
  private final DemoRecord record;

  /**
   * @param out where the tables go
   * @param clock whose present the event time runs up to
   */
  public Demo(DemoSettings settings, PrintWriter out, InstantSource clock) {
    this.settings = settings;
    this.out = out;
    this.clock = clock;
    this.interval = firstHours(clock.millis());
    this.record = new DemoRecord(settings.seed(), interval, clock.millis());
  }

  /**
   * Runs to the end with {@code once}, and until interrupted without.
   *
   * @return whether batch equals truth and everything else was as it must be
   */
  public boolean run() {
    try (DirectoryLock lock = lock(settings.directory())) {
      runIn();
    } catch (StarfireException e) {
      record.problem(e.getMessage());
      throw e;
    } finally {
      DemoReport report = record.report(clock.millis());
      settings.report().ifPresent(report::write);
    }
    return record.verdict().isEmpty();
  }

  /** Keeps two demonstrations out of one directory. */
  static DirectoryLock lock(Path directory) {
    try {
      return DirectoryLock.take(
          directory,
          ".starfire-demo.lock",
          "another demonstration runs in '%s'; stop it, or name another directory with --dir"
              .formatted(directory));
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the directory '%s' cannot be used (%s); name another with --dir"
              .formatted(directory, IoFailure.reason(e)),
          e);
    }
  }

  private void runIn() {
    say("Starting a Kafka broker and all of Starfire in this process, in %s", settings.directory());
    AdEventsTruth truth = new AdEventsTruth();
    AdEventsGenerator generator =
        new AdEventsGenerator(
            AdEventsGenerator.Settings.of(
                settings.seed(), Instant.ofEpochMilli(interval.startMillis())));
    try (DemoParts parts = new DemoParts(settings)) {
      EventClock eventClock = new EventClock(clock, interval.startMillis(), settings.speed());
      try (EventFeed feed = new EventFeed(parts.bootstrapServers(), generator, truth, eventClock)) {
        feed.start();
        say(
            "The server answers at http://127.0.0.1:%d. Event time runs %d times as fast as the"
                + " clock.",
            parts.port(), settings.speed());
        say(
            "Watch the hours turn exact in the console: http://127.0.0.1:%d/#/timeline/ad_events",
            parts.port());
        try {
          new Loop(parts, feed, truth, eventClock).run();
        } finally {
          record.events(feed.counts());
        }
      }
    }
  }

  private void say(String format, Object... arguments) {
    out.printf(Locale.ROOT, format + "%n", arguments);
    out.flush();
  }

  private static Interval firstHours(long nowMillis) {
    long hour = Duration.ofHours(1).toMillis();
    long start = Granularity.HOUR.bucketStart(nowMillis) - DemoSettings.HOURS_BEFORE_PRESENT * hour;
    return new Interval(start, start + DemoSettings.HOURS_REPLACED * hour);
  }

  /** What happens while everything runs. */
  private final class Loop {
    private final DemoParts parts;
    private final EventFeed feed;
    private final AdEventsTruth truth;
    private final EventClock eventClock;
    private final DemoTable table = new DemoTable(out);
    private final Waiting waiting;
    private long nextTableNanos = System.nanoTime();

    private Loop(DemoParts parts, EventFeed feed, AdEventsTruth truth, EventClock eventClock) {
      this.parts = parts;
      this.feed = feed;
      this.truth = truth;
      this.eventClock = eventClock;
      this.waiting =
          new Waiting(
              () -> {
                feed.check();
                parts.check();
                showNow();
              });
    }

    private void run() {
      awaitClosedHours();
      List<HourNumbers> realtime = new HourQuery(parts.port(), interval).ask();
      record.realtime(realtime);
      replace();
      record.truth(truthOf(interval));
      record.streamOutcomes(parts.stream().outcomes());
      tellTheEnd();
      if (!settings.once()) {
        goOn();
      }
    }

    /** Until the five hours are closed: no real-time number changes, and the archive has all. */
    private void awaitClosedHours() {
      long closedAt =
          interval.endMillis() + DemoSettings.WINDOW.toMillis() + DemoSettings.SLACK.toMillis();
      waiting.until(
          "event time to reach " + Times.format(closedAt),
          LIMIT,
          () -> feed.sentUpToMillis() >= closedAt);
      long arrivedBy = clock.millis();
      say(
          "%nThe first %d hours are closed. Waiting for the archive and the stream to have all of"
              + " them.",
          DemoSettings.HOURS_REPLACED);
      waiting.until(
          "the archive to be complete", LIMIT, () -> parts.archiveCompleteToMillis() >= arrivedBy);
      waiting.until(
          "the stream's results of the first hours",
          LIMIT,
          () -> parts.resultsUpToMillis() >= interval.endMillis());
      waiting.until("the server to show the stream's results", LIMIT, parts::everythingShows);
      HourQuery hours = new HourQuery(parts.port(), interval);
      waiting.until(
          "the real-time numbers to stand still",
          LIMIT,
          new StandStill(hours::ask, STAND_STILL)::isReached);
    }

    private void replace() {
      say(
          "%nBatch run over %s; 4 threads ask for all metrics of all its hours without pause.",
          interval);
      Replacement replacement = new Replacement(parts, interval, out, waiting);
      record.replacement(replacement.run());
    }

    private void tellTheEnd() {
      List<Long> starts = starts(interval);
      table.print("Real-time, before", starts, record.realtime(), record.truth());
      table.print("Batch, after", starts, record.batch(), record.truth());
      say("%n%s", record.summary());
    }

    private void goOn() {
      say(
          "%nThe server goes on answering; Ctrl-C ends it. Its console is at http://127.0.0.1:%d/."
              + " Try:%n%s",
          parts.port(), Hints.curl(parts.port(), interval));
      try {
        while (true) {
          waiting.until("the next table", LIMIT, () -> System.nanoTime() >= nextTableNanos);
          showNow();
        }
      } catch (StarfireException e) {
        if (e.code() != ErrorCode.CANCELED) {
          throw e;
        }
        say("%nStopping.");
      }
    }

    private void showNow() {
      if (System.nanoTime() < nextTableNanos) {
        return;
      }
      nextTableNanos = System.nanoTime() + REFRESH.toNanos();
      Interval soFar =
          new Interval(
              interval.startMillis(), Granularity.HOUR.bucket(eventClock.millis()).endMillis());
      if (parts.hasRows()) {
        table.print(
            "Event time " + Times.format(eventClock.millis()),
            starts(soFar),
            new HourQuery(parts.port(), soFar).ask(),
            truthOf(soFar));
      }
    }

    private List<HourNumbers> truthOf(Interval hours) {
      return truth.hours(hours).stream()
          .map(h -> new HourNumbers(h.rows(), h.impressions(), h.clicks(), h.revenue()))
          .toList();
    }
  }

  static List<Long> starts(Interval interval) {
    return Granularity.HOUR.bucketsIn(interval).stream().map(Interval::startMillis).toList();
  }

  /** The sentence for a demonstration that ran and did not show what it must. */
  public StarfireException failure() {
    return new StarfireException(ErrorCode.WRONG_RESULT, record.verdict());
  }
}
