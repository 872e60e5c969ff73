package io.starfire.testkit;

import io.starfire.api.Branches;
import io.starfire.api.Calendar;
import io.starfire.api.DataSource;
import io.starfire.api.Enhance;
import io.starfire.api.Enhancement;
import io.starfire.api.Flow;
import io.starfire.api.Group;
import io.starfire.api.Join;
import io.starfire.api.Lookup;
import io.starfire.api.Matches;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Topic;
import io.starfire.api.Tumbling;
import io.starfire.api.Window;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * A pipeline drawn from a seed: one to three sources, some operators on any stream that there is,
 * up to three joins and groups in a row, and a sink for every stream that nothing else reads.
 */
public class RandomPipeline implements Pipeline {
  static final String LOOKUP = "labels";

  /** Whether joins that only ask for any match may complete on the first. */
  enum Early {
    AS_DRAWN,
    ALWAYS,
    NEVER
  }

  private final long seed;
  private final Early early;
  private final boolean sharesFunctions;

  protected RandomPipeline(long seed) {
    this(seed, Early.AS_DRAWN, true);
  }

  /**
   * @param sharesFunctions whether identity and key are the same function object where they read
   *     the same, so that the planner may put the removal of duplicates and a join into one stage
   */
  RandomPipeline(long seed, Early early, boolean sharesFunctions) {
    this.seed = seed;
    this.early = early;
    this.sharesFunctions = sharesFunctions;
  }

  @Override
  public void define(Flow flow) {
    new Builder(
            flow,
            new SplittableRandom(seed),
            new SplittableRandom(~seed),
            early,
            this::timeOf,
            sharesFunctions)
        .build();
  }

  /** Reads the event time at a source. */
  protected Instant timeOf(Thing thing) {
    return thing.at();
  }

  /** A stream with what has been done to it. */
  private static final class Made {
    private final Stream<Thing> stream;
    private final int depth;
    private boolean used;

    private Made(Stream<Thing> stream, int depth) {
      this.stream = stream;
      this.depth = depth;
    }
  }

  private static final class Builder {
    private final Flow flow;
    private final SplittableRandom random;
    private final SplittableRandom others;
    private final Early early;
    private final Function<Thing, Instant> timeOf;
    private final List<Made> streams = new ArrayList<>();
    private final Lookup<String, Label> labels;
    private final Function<Thing, String> identity = Thing::id;
    private final boolean sharesFunctions;

    private Builder(
        Flow flow,
        SplittableRandom random,
        SplittableRandom others,
        Early early,
        Function<Thing, Instant> timeOf,
        boolean sharesFunctions) {
      this.sharesFunctions = sharesFunctions;
      this.timeOf = timeOf;
      this.flow = flow;
      this.random = random;
      this.others = others;
      this.early = early;
      this.labels = flow.lookup(LOOKUP, String.class, Label.class);
    }

    private void build() {
      int sources = 1 + random.nextInt(3);
      for (int i = 0; i < sources; i++) {
        var timed = flow.source("source" + i, Thing.class).eventTime(timeOf);
        streams.add(
            new Made(random.nextBoolean() ? timed.identity(identity) : timed.withoutIdentity(), 0));
      }
      int stateful = random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(4);
      for (int number = 0; number < stateful; number++) {
        for (int i = random.nextInt(3); i > 0; i--) {
          stateless();
        }
        if (random.nextInt(3) == 0) {
          split("branch" + number);
        }
        if (random.nextInt(5) < 3) {
          join("join" + number);
        } else {
          group("group" + number);
        }
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        stateless();
      }
      int sink = 0;
      for (Made made : streams) {
        if (!made.used || random.nextInt(4) == 0) {
          further(made.stream, sink);
          made.stream.to(sink("sink" + sink++));
        }
      }
    }

    /** Sinks for other programs, beside that of a data source; they leave the other draws alone. */
    private void further(Stream<Thing> stream, int number) {
      switch (others.nextInt(6)) {
        case 0 -> stream.to(Topic.named("topic" + number, Thing.class).key(Thing::left).json());
        case 1 -> stream.to(Topic.named("topic" + number, Thing.class).avro());
        default -> {}
      }
    }

    private static DataSource<Thing> sink(String name) {
      return DataSource.named(name, Thing.class)
          .dimensions("id", "left", "right", "flag", "number")
          .count("count")
          .longSum("sum", Thing::number)
          .rollup(false)
          .queryGranularity(Granularity.NONE)
          .segmentGranularity(Granularity.MINUTE);
    }

    private Made draw() {
      return streams.get(random.nextInt(streams.size()));
    }

    private void stateless() {
      Made from = draw();
      from.used = true;
      long salt = random.nextLong(2, 6);
      Stream<Thing> made =
          switch (random.nextInt(7)) {
            case 0 -> from.stream.filter(thing -> Math.floorMod(thing.number(), salt) != 1);
            case 1 ->
                from.stream.map(Thing.class, thing -> thing.withNumber(thing.number() + salt));
            case 2 ->
                from.stream.map(Thing.class, thing -> thing.withKeys(thing.right(), thing.left()));
            case 3 ->
                from.stream.map(
                    Thing.class,
                    thing ->
                        Math.floorMod(thing.number(), 5) == 2
                            ? thing.withKeys(null, thing.right())
                            : thing);
            case 5 -> from.stream.enhance(Thing.class, enhancement());
            case 4 -> from.stream.flatMap(Thing.class, thing -> copies(thing, salt));
            default ->
                from.stream.enrich(
                    Thing.class,
                    labels,
                    Thing::left,
                    (thing, label) ->
                        thing.withNumber(
                            thing.number() * 3 + label.map(Label::weight).orElse(-1L)));
          };
      streams.add(new Made(made, from.depth));
    }

    /** Small steps; the name of a label for a key, and both keys exchanged, among them. */
    private Enhancement enhancement() {
      Enhancement steps =
          Enhance.steps()
              .blankToNull("left")
              .lookup("left", labels, String.class, Label::key, "named")
              .defaultFor("named", "none");
      steps = random.nextBoolean() ? steps.trim("right").lowerCase("right") : steps;
      steps =
          random.nextBoolean()
              ? steps.keepIf("is not 7", "number", Long.class, number -> number != 7)
              : steps;
      return steps
          .rename("left", "old")
          .rename("right", "left")
          .rename(random.nextBoolean() ? "named" : "old", "right");
    }

    /** Several streams of one, or one of several. */
    private void split(String name) {
      Made from = draw();
      from.used = true;
      if (random.nextBoolean()) {
        Made other = draw();
        other.used = true;
        Stream<Thing> both = from.stream.union(other.stream);
        streams.add(new Made(both, Math.max(from.depth, other.depth)));
        return;
      }
      Branches.Builder<Thing> split =
          from.stream
              .branch(name)
              .when("third", thing -> Math.floorMod(thing.number(), 3) == 0)
              .when("left", thing -> "a".equals(thing.left()) || thing.flag());
      boolean keeps = random.nextBoolean();
      Branches<Thing> branches = keeps ? split.otherwise("rest") : split.dropOthers();
      streams.add(new Made(branches.get("third"), from.depth));
      streams.add(new Made(branches.get("left"), from.depth));
      if (keeps) {
        streams.add(new Made(branches.get("rest"), from.depth));
      }
    }

    private static List<Thing> copies(Thing thing, long salt) {
      return switch ((int) Math.floorMod(thing.number(), salt)) {
        case 0 -> List.of();
        case 1 -> List.of(thing.withNumber(thing.number() + 1), thing.withNumber(-thing.number()));
        default -> List.of(thing);
      };
    }

    private void join(String name) {
      Made primary = shallow();
      Made secondary = shallow();
      primary.used = true;
      secondary.used = true;
      Join.Windowed<Thing, Thing> join =
          primary.stream.join(name, secondary.stream).on(key(), key()).within(window());
      int depth = 1 + Math.max(primary.depth, secondary.depth);
      if (random.nextInt(3) == 0) {
        join = join.orphans(orphans -> streams.add(new Made(orphans, depth)));
      }
      boolean onlyAny = random.nextBoolean();
      boolean drawn = random.nextBoolean();
      boolean first = early == Early.AS_DRAWN ? drawn : early == Early.ALWAYS;
      Stream<Thing> made;
      if (!onlyAny) {
        made = join.emit(Thing.class, Builder::combine);
      } else if (first) {
        made = join.completeOnFirst().emit(Thing.class, Thing::withFlag);
      } else {
        made = join.emit(Thing.class, (thing, matches) -> thing.withFlag(matches.any()));
      }
      streams.add(new Made(made, depth));
    }

    /** A stream that may be read by one more operator with a state. */
    private Made shallow() {
      Made drawn = draw();
      return drawn.depth > 2 ? streams.get(0) : drawn;
    }

    private void group(String name) {
      Made from = shallow();
      from.used = true;
      Group.Windowed<Thing, String> group =
          from.stream.groupBy(name, String.class, key()).tumbling(windows());
      Stream<Thing> made =
          random.nextBoolean()
              ? group
                  .aggregate(Tally.class, Tally.NOTHING, Tally::with, Tally::plus)
                  .emit(Thing.class, Tally::toThing)
              : group.collect(Thing.class, Builder::inOrder);
      streams.add(new Made(made, 1 + from.depth));
    }

    /** In the last one the events lie on both sides of a midnight that a 25-hour day follows. */
    private Tumbling windows() {
      return switch (random.nextInt(4)) {
        case 0 -> Calendar.days("Europe/Paris");
        case 1 -> Calendar.hours("Europe/Paris");
        default -> Tumbling.every(Duration.ofSeconds(1 + random.nextInt(15)));
      };
    }

    /** Differs with the order of the events. */
    private static Thing inOrder(String key, Interval window, List<Thing> things) {
      long number = window.lengthMillis();
      for (Thing thing : things) {
        number = number * 31 + thing.number();
      }
      Instant at = Instant.ofEpochMilli(window.startMillis());
      return new Thing(key, at, key, things.get(0).right(), number, things.size() > 1);
    }

    private static Thing combine(Thing thing, Matches<Thing> matches) {
      long number = thing.number();
      for (Thing match : matches) {
        number = number * 31 + match.number();
      }
      return thing.withNumber(number).withFlag(matches.any());
    }

    private Function<Thing, String> key() {
      return switch (random.nextInt(5)) {
        case 0, 1 -> Thing::left;
        case 2, 3 -> Thing::right;
        default -> sharesFunctions ? identity : Thing::id;
      };
    }

    /** In whole seconds, as the events are, so that window ends are hit. */
    private Window window() {
      Duration after = Duration.ofSeconds(random.nextInt(8));
      Window window =
          random.nextBoolean()
              ? Window.after(after)
              : Window.around(Duration.ofSeconds(random.nextInt(8)), after);
      return window.acceptingAtLeast(Duration.ZERO);
    }
  }
}
