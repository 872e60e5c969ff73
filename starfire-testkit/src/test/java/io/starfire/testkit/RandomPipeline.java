package io.starfire.testkit;

import io.starfire.api.Branches;
import io.starfire.api.Calendar;
import io.starfire.api.DataSource;
import io.starfire.api.Enhance;
import io.starfire.api.Enhancement;
import io.starfire.api.Files;
import io.starfire.api.Flow;
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
import java.util.function.UnaryOperator;

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
    define(flow, form(flow));
  }

  private <T> void define(Flow flow, ThingForm<T> form) {
    new Builder<>(
            flow,
            form,
            new SplittableRandom(seed),
            new SplittableRandom(~seed),
            early,
            this::timeOf,
            sharesFunctions)
        .build();
  }

  /** What the events are. Every third pipeline is one over rows. */
  protected ThingForm<?> form(Flow flow) {
    return Math.floorMod(seed, 3) == 1 ? new ThingRows() : new ThingRecords();
  }

  /** Reads the event time at a source. */
  protected Instant timeOf(Thing thing) {
    return thing.at();
  }

  /** Differs with the order of the events. */
  static Thing inOrder(String key, Interval window, List<Thing> things) {
    long number = window.lengthMillis();
    for (Thing thing : things) {
      number = number * 31 + thing.number();
    }
    Instant at = Instant.ofEpochMilli(window.startMillis());
    return new Thing(key, at, key, things.get(0).right(), number, things.size() > 1);
  }

  /** A stream with what has been done to it. */
  private static final class Made<T> {
    private final Stream<T> stream;
    private final int depth;
    private boolean used;

    private Made(Stream<T> stream, int depth) {
      this.stream = stream;
      this.depth = depth;
    }
  }

  private static final class Builder<T> {
    private final Flow flow;
    private final ThingForm<T> form;
    private final SplittableRandom random;
    private final SplittableRandom others;
    private final Early early;
    private final Function<Thing, Instant> timeOf;
    private final List<Made<T>> streams = new ArrayList<>();
    private final Lookup<String, Label> labels;
    private final Function<T, String> identity;
    private final boolean sharesFunctions;

    private Builder(
        Flow flow,
        ThingForm<T> form,
        SplittableRandom random,
        SplittableRandom others,
        Early early,
        Function<Thing, Instant> timeOf,
        boolean sharesFunctions) {
      this.sharesFunctions = sharesFunctions;
      this.timeOf = timeOf;
      this.flow = flow;
      this.form = form;
      this.identity = form::id;
      this.random = random;
      this.others = others;
      this.early = early;
      this.labels = flow.lookup(LOOKUP, String.class, Label.class);
    }

    private void build() {
      int sources = 1 + random.nextInt(3);
      for (int i = 0; i < sources; i++) {
        var timed =
            flow.source("source" + i, form.type())
                .eventTime(event -> timeOf.apply(form.thing(event)));
        streams.add(
            new Made<>(
                random.nextBoolean() ? timed.identity(identity) : timed.withoutIdentity(), 0));
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
      for (Made<T> made : streams) {
        if (!made.used || random.nextInt(4) == 0) {
          further(made.stream, sink);
          made.stream.to(sink("sink" + sink++));
        }
      }
    }

    /** Sinks for other programs, beside that of a data source; they leave the other draws alone. */
    private void further(Stream<T> stream, int number) {
      switch (others.nextInt(6)) {
        case 0 -> stream.to(Topic.named("topic" + number, form.type()).key(form::left).json());
        case 1 -> stream.to(Topic.named("topic" + number, form.type()).avro());
        case 2 -> stream.to(Files.named("files" + number, form.type()).json());
        default -> {}
      }
    }

    private DataSource<T> sink(String name) {
      return form.withMetrics(
              DataSource.named(name, form.type())
                  .dimensions("id", "left", "right", "flag", "number")
                  .count("count"))
          .rollup(false)
          .queryGranularity(Granularity.NONE)
          .segmentGranularity(Granularity.MINUTE);
    }

    private Made<T> draw() {
      return streams.get(random.nextInt(streams.size()));
    }

    private void stateless() {
      Made<T> from = draw();
      from.used = true;
      long salt = random.nextLong(2, 6);
      Stream<T> made =
          switch (random.nextInt(7)) {
            case 0 ->
                from.stream.filter(event -> Math.floorMod(form.thing(event).number(), salt) != 1);
            case 1 -> changed(from, thing -> thing.withNumber(thing.number() + salt));
            case 2 -> changed(from, thing -> thing.withKeys(thing.right(), thing.left()));
            case 3 ->
                changed(
                    from,
                    thing ->
                        Math.floorMod(thing.number(), 5) == 2
                            ? thing.withKeys(null, thing.right())
                            : thing);
            case 5 -> form.enhance(from.stream, enhancement());
            case 4 ->
                from.stream.flatMap(
                    form.type(),
                    event -> copies(form.thing(event), salt).stream().map(form::of).toList());
            default ->
                from.stream.enrich(
                    form.type(),
                    labels,
                    form::left,
                    (event, label) -> {
                      Thing thing = form.thing(event);
                      return form.of(
                          thing.withNumber(
                              thing.number() * 3 + label.map(Label::weight).orElse(-1L)));
                    });
          };
      streams.add(new Made<>(made, from.depth));
    }

    private Stream<T> changed(Made<T> from, UnaryOperator<Thing> change) {
      return from.stream.map(form.type(), event -> form.of(change.apply(form.thing(event))));
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
      Made<T> from = draw();
      from.used = true;
      if (random.nextBoolean()) {
        Made<T> other = draw();
        other.used = true;
        Stream<T> both = from.stream.union(other.stream);
        streams.add(new Made<>(both, Math.max(from.depth, other.depth)));
        return;
      }
      Branches.Builder<T> split =
          from.stream
              .branch(name)
              .when("third", event -> Math.floorMod(form.thing(event).number(), 3) == 0)
              .when("left", event -> "a".equals(form.left(event)) || form.thing(event).flag());
      boolean keeps = random.nextBoolean();
      Branches<T> branches = keeps ? split.otherwise("rest") : split.dropOthers();
      streams.add(new Made<>(branches.get("third"), from.depth));
      streams.add(new Made<>(branches.get("left"), from.depth));
      if (keeps) {
        streams.add(new Made<>(branches.get("rest"), from.depth));
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
      Made<T> primary = shallow();
      Made<T> secondary = shallow();
      primary.used = true;
      secondary.used = true;
      Join.Windowed<T, T> join =
          primary.stream.join(name, secondary.stream).on(key(), key()).within(window());
      int depth = 1 + Math.max(primary.depth, secondary.depth);
      if (random.nextInt(3) == 0) {
        join = join.orphans(orphans -> streams.add(new Made<>(orphans, depth)));
      }
      boolean onlyAny = random.nextBoolean();
      boolean drawn = random.nextBoolean();
      boolean first = early == Early.AS_DRAWN ? drawn : early == Early.ALWAYS;
      Stream<T> made;
      if (!onlyAny) {
        made = join.emit(form.type(), this::combine);
      } else if (first) {
        made =
            join.completeOnFirst()
                .emit(form.type(), (event, any) -> form.of(form.thing(event).withFlag(any)));
      } else {
        made =
            join.emit(
                form.type(),
                (event, matches) -> form.of(form.thing(event).withFlag(matches.any())));
      }
      streams.add(new Made<>(made, depth));
    }

    /** A stream that may be read by one more operator with a state. */
    private Made<T> shallow() {
      Made<T> drawn = draw();
      return drawn.depth > 2 ? streams.get(0) : drawn;
    }

    private void group(String name) {
      Made<T> from = shallow();
      from.used = true;
      Function<T, String> key = key();
      Tumbling windows = windows();
      Stream<T> made =
          random.nextBoolean()
              ? form.tally(from.stream, name, key, windows)
              : form.inOrder(from.stream, name, key, windows);
      streams.add(new Made<>(made, 1 + from.depth));
    }

    /** In the last one the events lie on both sides of a midnight that a 25-hour day follows. */
    private Tumbling windows() {
      return switch (random.nextInt(4)) {
        case 0 -> Calendar.days("Europe/Paris");
        case 1 -> Calendar.hours("Europe/Paris");
        default -> Tumbling.every(Duration.ofSeconds(1 + random.nextInt(15)));
      };
    }

    private T combine(T event, Matches<T> matches) {
      Thing thing = form.thing(event);
      long number = thing.number();
      for (T match : matches) {
        number = number * 31 + form.thing(match).number();
      }
      return form.of(thing.withNumber(number).withFlag(matches.any()));
    }

    private Function<T, String> key() {
      return switch (random.nextInt(5)) {
        case 0, 1 -> form::left;
        case 2, 3 -> form::right;
        default -> sharesFunctions ? identity : event -> form.id(event);
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
