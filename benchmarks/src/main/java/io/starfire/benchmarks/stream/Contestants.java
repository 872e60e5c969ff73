package io.starfire.benchmarks.stream;

import io.starfire.benchmarks.stream.Contestant.Command;
import io.starfire.benchmarks.stream.Contestant.Launch;
import io.starfire.benchmarks.stream.Contestant.Result;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.jobs.ads.AdEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The contestants by name. Immutable. */
final class Contestants {
  static final String DSL = "dsl";
  static final String FLINK = "flink";
  static final String BARE = "bare";
  static final String STARFIRE = "starfire";
  static final String ROCKS_DB = "starfire-rocksdb";
  private static final String FLINK_CLASS_PATH = "benchmarks/flink/target/flink.classpath";

  private final Map<String, Contestant> byName = new LinkedHashMap<>();
  private final Duration commitInterval;
  private final List<String> settings;

  /**
   * @param commitInterval of all but Flink
   * @param settings of Starfire, {@code key=value}, beyond those that are part of the work
   * @param slowShare the share of the data for slow contestants
   */
  Contestants(Duration commitInterval, List<String> settings, double slowShare) {
    this.commitInterval = commitInterval;
    this.settings = List.copyOf(settings);
    Launch rocksDb = place -> peer(DslMain.class, place, "rocksdb", place.directory().toString());
    Launch memory = place -> peer(DslMain.class, place, "memory", place.directory().toString());
    add(new Contestant(DSL, slowShare, Result.JSON, rocksDb));
    // Its store looks through the whole window at each record: a fiftieth takes long enough.
    add(new Contestant("dsl-memory", slowShare / 20, Result.JSON, memory));
    add(new Contestant(FLINK, 1, Result.JSON, this::flink));
    add(new Contestant(BARE, 1, Result.JSON, place -> peer(BareMain.class, place)));
    starfire(STARFIRE, Map.of());
    starfire("starfire-2-threads", Map.of("starfire.stream.threads", "2"));
    starfire(ROCKS_DB, Map.of("starfire.stream.state", "rocksdb"));
    Duration own = StarfireConfig.fromMap(Map.of()).duration("starfire.stream.commit-interval");
    if (!own.equals(commitInterval)) {
      starfire(
          "starfire-own-commit", Map.of("starfire.stream.commit-interval", own.toMillis() + "ms"));
    }
    add(
        new Contestant(
            "ad-events",
            1,
            Result.AD_EVENTS,
            place -> stream(AdEvents.class, AdEvents.DATA_SOURCE, place, Map.of())));
  }

  /** All but those that take for ever. */
  List<String> usual() {
    return byName.keySet().stream().filter(name -> !name.equals("dsl-memory")).toList();
  }

  Contestant named(String name) {
    Contestant found = byName.get(name);
    if (found == null) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "there is no system '%s'; there are %s".formatted(name, byName.keySet()));
    }
    return found;
  }

  /** The stream whose rows follow each click; for latencies, it takes no part in the join. */
  Launch firstClick() {
    return place -> stream(FirstClick.class, FirstClick.DATA_SOURCE, place, Map.of());
  }

  private void add(Contestant contestant) {
    byName.put(contestant.name(), contestant);
  }

  private void starfire(String name, Map<String, String> more) {
    add(
        new Contestant(
            name,
            1,
            Result.PLAIN_JOIN,
            place -> stream(PlainJoin.class, PlainJoin.DATA_SOURCE, place, more)));
  }

  private Command stream(
      Class<?> pipeline, String dataSource, Contestant.Place place, Map<String, String> more) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("starfire.kafka.bootstrap-servers", place.address());
    values.put("starfire.stream.application-id-prefix", place.group());
    values.put("starfire.stream.commit-interval", commitInterval.toMillis() + "ms");
    String partitions = Integer.toString(place.topics().partitions());
    values.put("starfire.stream.partitions", partitions);
    values.put("starfire.stream.data-source-partitions", partitions);
    values.put("starfire.sources.impressions.topic", place.topics().impressions());
    values.put("starfire.sources.clicks.topic", place.topics().clicks());
    values.putAll(more);
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of(pipeline.getName(), dataSource, place.directory().toString()));
    values.forEach((key, value) -> arguments.add(key + "=" + value));
    arguments.addAll(settings);
    return new Command(StarfireMain.class.getName(), arguments);
  }

  private Command peer(Class<?> main, Contestant.Place place, String... more) {
    return new Command(main.getName(), arguments(place, more));
  }

  private List<String> arguments(Contestant.Place place, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                place.address(),
                place.topics().impressions(),
                place.topics().clicks(),
                place.results(),
                place.group(),
                Long.toString(commitInterval.toMillis())));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private Command flink(Contestant.Place place) {
    Path file = Path.of(System.getProperty("starfire.home"), FLINK_CLASS_PATH);
    try {
      return new Command(
          "io.starfire.benchmarks.flink.FlinkMain",
          arguments(place, place.directory().toString()),
          Files.readString(file).strip());
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "%s cannot be read; build it with mvn -Pquick,flink -pl benchmarks/flink -am package, or leave Flink out with --without-flink"
              .formatted(file),
          e);
    }
  }
}
