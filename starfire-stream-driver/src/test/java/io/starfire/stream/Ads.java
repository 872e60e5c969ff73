package io.starfire.stream;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.event.DataRow;
import io.starfire.event.DataRowCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Pipelines like that of the paper, with what reads and expects their results. */
final class Ads {
  private static final long MINUTE = 60_000;
  private static final long SLOWNESS_MICROS = 1_500;

  private Ads() {}

  record Impression(String id, Instant at, boolean slow) {}

  record Click(String id, Instant at) {}

  record AdEvent(String id, boolean clicked, int clicks) {}

  static final DataSource<AdEvent> EVENTS =
      DataSource.named("ad_events", AdEvent.class)
          .dimensions("id")
          .count("impressions")
          .longSum("clicks", AdEvent::clicks)
          .rollup(false);

  /** Two shuffles on the way of an impression. */
  public static final class Deduplicated implements Pipeline {
    @Override
    public void define(Flow flow) {
      Stream<Impression> impressions =
          flow.source("impressions", Impression.class)
              .eventTime(Impression::at)
              .identity(Impression::id);
      Stream<Click> clicks =
          flow.source("clicks", Click.class).eventTime(Click::at).withoutIdentity();
      impressions
          .join("clicked", clicks)
          .on(Impression::id, Click::id)
          .within(Window.after(Duration.ofMinutes(10)))
          .completeOnFirst()
          .emit(
              AdEvent.class,
              (impression, clicked) -> new AdEvent(impression.id(), clicked, clicked ? 1 : 0))
          .to(EVENTS);
    }
  }

  /** One shuffle, counting all clicks; slow impressions are slow to read. */
  public static final class Counted implements Pipeline {
    @Override
    public void define(Flow flow) {
      Stream<Impression> impressions =
          flow.source("impressions", Impression.class)
              .eventTime(Impression::at)
              .withoutIdentity()
              .map(Impression.class, Ads::slowly);
      Stream<Click> clicks =
          flow.source("clicks", Click.class).eventTime(Click::at).withoutIdentity();
      impressions
          .join("clicked", clicks)
          .on(Impression::id, Click::id)
          .within(Window.after(Duration.ofMinutes(10)))
          .emit(
              AdEvent.class,
              (impression, matches) -> new AdEvent(impression.id(), matches.any(), matches.size()))
          .to(EVENTS);
    }
  }

  /** A window so short that it closes while a test waits. */
  public static final class Quick implements Pipeline {
    @Override
    public void define(Flow flow) {
      Stream<Click> clicks =
          flow.source("clicks", Click.class).eventTime(Click::at).withoutIdentity();
      flow.source("impressions", Impression.class)
          .eventTime(Impression::at)
          .withoutIdentity()
          .join("clicked", clicks)
          .on(Impression::id, Click::id)
          .within(Window.after(Duration.ofMillis(500)))
          .emit(
              AdEvent.class,
              (impression, matches) -> new AdEvent(impression.id(), matches.any(), matches.size()))
          .to(EVENTS);
    }
  }

  /** Its first event hangs until the gate is opened. */
  public static final class Hanging implements Pipeline {
    static final CountDownLatch GATE = new CountDownLatch(1);

    @Override
    public void define(Flow flow) {
      flow.source("events", Click.class)
          .eventTime(Click::at)
          .withoutIdentity()
          .map(AdEvent.class, Hanging::hang)
          .to(EVENTS);
    }

    private static AdEvent hang(Click click) {
      boolean open = false;
      while (!open) {
        try {
          open = GATE.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
          // It hangs, whatever is asked of it.
          open = false;
        }
      }
      return new AdEvent(click.id(), true, 1);
    }
  }

  private static Impression slowly(Impression impression) {
    if (impression.slow()) {
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(SLOWNESS_MICROS));
    }
    return impression;
  }

  static String impression(String id, long at, boolean slow) {
    return "{\"id\":%s,\"at\":%d,\"slow\":%s}".formatted(quoted(id), at, slow);
  }

  static String click(String id, long at) {
    return "{\"id\":%s,\"at\":%d}".formatted(quoted(id), at);
  }

  private static String quoted(String id) {
    return id == null ? "null" : "\"" + id + "\"";
  }

  /** Results as {@code time id clicks}. */
  static List<String> results(List<ConsumerRecord<byte[], byte[]>> rows) {
    DataRowCodec codec = DataRowCodec.of(EVENTS.schema());
    List<String> results = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : rows) {
      DataRow row = codec.decode(record.value());
      results.add(row.timeMillis() + " " + row.dimension(0) + " " + row.longMetric(1));
    }
    return results;
  }

  /**
   * An impression each minute from {@code start} on, and a click half a minute later for every
   * second one.
   */
  static void sendMinutes(StreamBench bench, String prefix, long start, int from, int to)
      throws Exception {
    for (int i = from; i < to; i++) {
      long at = start + i * MINUTE;
      bench.send(prefix + "-impressions", 0, at, impression("i" + i, at, false));
      String id = i % 2 == 0 ? "i" + i : "nobody";
      bench.send(prefix + "-clicks", 0, at + MINUTE / 2, click(id, at + MINUTE / 2));
    }
    bench.flush();
  }

  /** The results of those impressions from one to another, exclusive. */
  static List<String> expectedOfMinutes(long start, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> (start + i * MINUTE) + " i" + i + " " + (i % 2 == 0 ? 1 : 0))
        .toList();
  }
}
