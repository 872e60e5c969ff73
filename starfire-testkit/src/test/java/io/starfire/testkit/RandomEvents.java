package io.starfire.testkit;

import io.starfire.event.RowSchema;
import io.starfire.kernel.Lookups;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.SourceNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Events for a plan whose sources are of {@link Thing}, as records or rows, in an order of arrival
 * in which all are on time: none arrives after one that is more than {@link #LATENESS_MILLIS} ahead
 * of it. With exact copies, null and empty keys and equal times. In the middle of them is a
 * midnight in Paris, with which a day of 25 hours begins.
 */
final class RandomEvents {
  static final long LATENESS_MILLIS = 6_000;
  static final long START_MILLIS = Instant.parse("2026-10-24T21:59:30Z").toEpochMilli();
  static final int SECONDS = 60;

  /**
   * An event of a source, and when it arrived.
   *
   * @param event the thing as the source has it
   */
  record Arrival(String source, Thing thing, Object event, long arrivalMillis) {
    long timeMillis() {
      return thing.at().toEpochMilli();
    }
  }

  private static final Map<String, Label> LABELS =
      Map.of("a", new Label("a", 7), "c", new Label("c", 11));

  private RandomEvents() {}

  /** The lookup of {@link RandomPipeline}, as a file of it would be. */
  static String lookupCsv() {
    StringBuilder csv = new StringBuilder("key,weight\n");
    LABELS.values().forEach(row -> csv.append(row.key() + "," + row.weight() + "\n"));
    return csv.toString();
  }

  static Lookups lookups() {
    return (name, key) -> Optional.ofNullable(LABELS.get(key));
  }

  /** About {@code perSource} events of each source, in order of arrival. */
  static List<Arrival> draw(Plan plan, SplittableRandom random, int perSource) {
    List<Arrival> arrivals = new ArrayList<>();
    for (SourceNode source : plan.sources()) {
      Map<String, Thing> byIdentity = new HashMap<>();
      for (int i = 0; i < perSource; i++) {
        Thing thing = thing(random);
        if (thing.id() != null) {
          // The same identity and time is the same event, byte for byte.
          Thing first = byIdentity.putIfAbsent(thing.id() + thing.at(), thing);
          thing = first == null ? thing : first;
        }
        arrivals.add(arrival(source.name(), thing, event(source, thing), random));
        if (random.nextInt(8) == 0) {
          arrivals.add(arrival(source.name(), thing, event(source, thing), random));
        }
      }
    }
    return inOrder(arrivals);
  }

  /** The same events in another order of arrival, in which all are on time too. */
  static List<Arrival> shuffled(List<Arrival> arrivals, SplittableRandom random) {
    return inOrder(
        arrivals.stream()
            .map(one -> arrival(one.source(), one.thing(), one.event(), random))
            .toList());
  }

  static Map<String, List<Object>> bySource(List<Arrival> arrivals) {
    Map<String, List<Object>> bySource = new HashMap<>();
    for (Arrival arrival : arrivals) {
      bySource.computeIfAbsent(arrival.source(), name -> new ArrayList<>()).add(arrival.event());
    }
    return bySource;
  }

  private static List<Arrival> inOrder(List<Arrival> arrivals) {
    return arrivals.stream().sorted(Comparator.comparingLong(Arrival::arrivalMillis)).toList();
  }

  private static Object event(SourceNode source, Thing thing) {
    return source.type() instanceof RowSchema schema ? new ThingRows(schema).of(thing) : thing;
  }

  private static Arrival arrival(
      String source, Thing thing, Object event, SplittableRandom random) {
    long delay = random.nextLong(LATENESS_MILLIS + 1);
    return new Arrival(source, thing, event, thing.at().toEpochMilli() + delay);
  }

  private static Thing thing(SplittableRandom random) {
    long second = random.nextInt(SECONDS);
    long millis = random.nextInt(4) == 0 ? random.nextInt(3) - 1 : 0;
    return new Thing(
        random.nextInt(6) == 0 ? null : "id" + random.nextInt(12),
        Instant.ofEpochMilli(START_MILLIS + 1000 * second + Math.max(-second, millis)),
        key(random),
        key(random),
        random.nextInt(20),
        false);
  }

  private static String key(SplittableRandom random) {
    int drawn = random.nextInt(7);
    return drawn == 0 ? null : drawn == 1 ? "" : "abcde".substring(drawn - 2, drawn - 1);
  }
}
