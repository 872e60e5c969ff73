package io.starfire.batch;

import io.starfire.batch.AdPipeline.Click;
import io.starfire.batch.AdPipeline.View;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.event.RecordCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Random events around an interval, and what {@link AdPipeline} means for them, by brute force. */
record AdEvents(List<View> views, List<Click> clicks) {
  private static final String[] ADVERTISERS = {"a", "b", "c", "test", "nobody"};
  private static final long WINDOW_MILLIS = 600_000;

  /** What a data source holds of a minute and an advertiser. */
  record Sums(long views, long clicks, double revenue) {
    Sums plus(Sums other) {
      return new Sums(views + other.views, clicks + other.clicks, revenue + other.revenue);
    }
  }

  static AdEvents random(long seed, Interval interval, int count) {
    Random random = new Random(seed);
    List<View> views = new ArrayList<>();
    List<Click> clicks = new ArrayList<>();
    long from = interval.startMillis() - 1_800_000;
    int length = (int) (interval.lengthMillis() + 3_600_000);
    for (int i = 0; i < count; i++) {
      long time = from + random.nextInt(length) / 1000 * 1000L;
      String id = random.nextInt(30) == 0 ? null : "v" + random.nextInt(count);
      String advertiser = ADVERTISERS[random.nextInt(ADVERTISERS.length)];
      View view = new View(id, Instant.ofEpochMilli(time), advertiser, random.nextInt(1000) / 8.0);
      views.add(view);
      if (random.nextInt(5) == 0) {
        views.add(view);
      }
      if (random.nextInt(20) == 0) {
        views.add(new View(id, view.at(), advertiser, view.price() + 1));
      }
      for (int j = random.nextInt(3); j > 0; j--) {
        // On the seconds, so that both ends of the window are met.
        clicks.add(new Click(id, view.at().plusSeconds(random.nextInt(660) - 30)));
      }
    }
    return new AdEvents(views, clicks);
  }

  Map<String, Sums> expected(Interval interval, Map<String, String> names) {
    Map<String, Sums> expected = new TreeMap<>();
    Set<Click> distinctClicks = new HashSet<>(clicks);
    Map<String, List<Click>> byView = new HashMap<>();
    distinctClicks.forEach(
        click -> byView.computeIfAbsent(click.viewId(), id -> new ArrayList<>()).add(click));
    for (View view : distinctViews()) {
      long time = view.at().toEpochMilli();
      if (!interval.contains(time) || view.advertiser().equals("test")) {
        continue;
      }
      long matches =
          view.id() == null
              ? 0
              : byView.getOrDefault(view.id(), List.of()).stream()
                  .mapToLong(click -> click.at().toEpochMilli())
                  .filter(clicked -> time <= clicked && clicked <= time + WINDOW_MILLIS)
                  .count();
      expected.merge(
          key(time, view.advertiser(), names.getOrDefault(view.advertiser(), "unknown")),
          new Sums(1, matches, view.price()),
          Sums::plus);
    }
    return expected;
  }

  static String key(long timeMillis, String advertiser, String name) {
    return Times.format(Granularity.MINUTE.bucketStart(timeMillis)) + " " + advertiser + " " + name;
  }

  private List<View> distinctViews() {
    Map<List<Object>, View> kept = new HashMap<>();
    List<View> distinct = new ArrayList<>();
    for (View view : views) {
      if (view.id() == null) {
        distinct.add(view);
      } else {
        kept.merge(List.of(view.id(), view.at()), view, (a, b) -> bytesOf(a, b) <= 0 ? a : b);
      }
    }
    distinct.addAll(kept.values());
    return distinct;
  }

  private static int bytesOf(View left, View right) {
    RecordCodec<View> codec = RecordCodec.of(View.class);
    return Arrays.compareUnsigned(codec.encode(left), codec.encode(right));
  }
}
