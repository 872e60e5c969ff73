package io.starfire.testkit;

import io.starfire.api.DataSource;
import io.starfire.api.Enhancement;
import io.starfire.api.Matches;
import io.starfire.api.Topic;
import io.starfire.api.Window;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.event.EventType;
import io.starfire.event.KeyCodec;
import io.starfire.event.Outcome;
import io.starfire.event.RecordCodec;
import io.starfire.kernel.Lookups;
import io.starfire.plan.AuthorCalls;
import io.starfire.plan.Grants;
import io.starfire.plan.GroupForm;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode;
import io.starfire.plan.PlanNode.BranchNode;
import io.starfire.plan.PlanNode.BranchOutputNode;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.DedupNode;
import io.starfire.plan.PlanNode.EnhanceNode;
import io.starfire.plan.PlanNode.EnrichNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.FilterNode;
import io.starfire.plan.PlanNode.FlatMapNode;
import io.starfire.plan.PlanNode.GroupNode;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.MapNode;
import io.starfire.plan.PlanNode.OrphansNode;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.plan.PlanNode.UnionNode;
import io.starfire.plan.PlanVisitor;
import io.starfire.plan.Port;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The meaning of a pipeline on whole lists of events: no time passes, nothing is kept, every
 * operator is a loop over all of its input. It shares the codecs and the window's predicate with
 * the drivers, and nothing else; the kernels are not in it. Slow by design.
 *
 * <p>Outcomes are counted under the names that the drivers use. Nothing is ever late here.
 */
public final class ReferenceDriver {
  private final Grants grants;
  private final Lookups lookups;
  private final Map<String, ? extends List<?>> input;
  private final Meaning meaning = new Meaning();
  private final Results results = new Results();
  private final Map<String, List<Event>> outputs = new HashMap<>();

  /** What branches, and joins that keep orphans, put out beside their own output. */
  private final Map<String, List<Event>> furtherOutputs = new HashMap<>();

  private ReferenceDriver(Grants grants, Lookups lookups, Map<String, ? extends List<?>> input) {
    this.grants = grants;
    this.lookups = lookups;
    this.input = input;
  }

  /**
   * Computes everything that a pipeline puts out, over all time; see {@link Results#within}.
   *
   * @param grants the windows of its joins
   * @param input all events of each source, by the source's name, in any order
   */
  public static Results run(
      Plan plan, Grants grants, Lookups lookups, Map<String, ? extends List<?>> input) {
    ReferenceDriver driver = new ReferenceDriver(grants, lookups, input);
    plan.nodes().forEach(node -> driver.outputs.put(node.name(), node.accept(driver.meaning)));
    return driver.results;
  }

  /** The meaning of each operator: what it puts out, in any order. */
  private final class Meaning implements PlanVisitor<List<Event>> {
    @Override
    public List<Event> source(SourceNode node) {
      return readSource(node);
    }

    @Override
    public List<Event> dedup(DedupNode node) {
      return withoutCopies(node);
    }

    @Override
    public List<Event> map(MapNode node) {
      return each(node, event -> Collections.singletonList(node.function().apply(event)));
    }

    @Override
    public List<Event> flatMap(FlatMapNode node) {
      return each(
          node,
          event -> {
            Iterable<?> results = node.function().apply(event);
            List<Object> made = results == null ? null : new ArrayList<>();
            if (results != null) {
              results.forEach(made::add);
            }
            return made;
          });
    }

    @Override
    public List<Event> filter(FilterNode node) {
      return each(node, event -> node.keep().test(event) ? List.of(event) : List.of());
    }

    @Override
    public List<Event> enrich(EnrichNode node) {
      return each(
          node,
          event -> {
            Object key = node.key().apply(event);
            Optional<?> row =
                key == null ? Optional.empty() : lookups.find(node.lookup().name(), key);
            return Collections.singletonList(node.function().apply(event, row));
          });
    }

    @Override
    public List<Event> enhance(EnhanceNode node) {
      Enhancement.Bound steps = node.bound();
      return each(
          node,
          event -> {
            Object made = steps.apply(event, lookups::find);
            return made == null ? List.of() : List.of(made);
          });
    }

    @Override
    public List<Event> join(JoinNode node) {
      return joined(node);
    }

    @Override
    public List<Event> orphans(OrphansNode node) {
      return passOn(node, furtherOutputs.get(node.name()));
    }

    @Override
    public List<Event> union(UnionNode node) {
      List<Event> all = new ArrayList<>();
      node.inputs().forEach(input -> all.addAll(outputOf(input)));
      return passOn(node, all);
    }

    @Override
    public List<Event> branch(BranchNode node) {
      for (String output : node.outputs()) {
        furtherOutputs.put(node.name() + "-" + output, new ArrayList<>());
      }
      for (Event event : outputOf(node.input())) {
        int chosen =
            Repeated.call(
                node.name(),
                event.timeMillis(),
                () -> node.outputOf(event.value()),
                Integer::equals);
        count(node, chosen < 0 ? Outcome.FILTERED : Outcome.EMITTED, event);
        if (chosen >= 0) {
          furtherOutputs.get(node.name() + "-" + node.outputs().get(chosen)).add(event);
        }
      }
      return List.of();
    }

    @Override
    public List<Event> branchOutput(BranchOutputNode node) {
      return passOn(node, furtherOutputs.get(node.name()));
    }

    private List<Event> passOn(PlanNode node, List<Event> events) {
      events.forEach(event -> count(node, Outcome.EMITTED, event));
      return events;
    }

    @Override
    public List<Event> group(GroupNode node) {
      return grouped(node);
    }

    @Override
    public List<Event> dataSource(DataSourceNode node) {
      @SuppressWarnings("unchecked") // the DSL has checked that the stream fits the data source
      DataSource<Object> dataSource = (DataSource<Object>) node.dataSource();
      return write(node, event -> RowValue.of(dataSource.toRow(event.value(), event.timeMillis())));
    }

    @Override
    public List<Event> topic(TopicNode node) {
      @SuppressWarnings("unchecked") // the DSL has checked that the stream fits the topic
      Topic<Object> topic = (Topic<Object>) node.topic();
      ResultText text = ResultText.of(node);
      return write(
          node, event -> text.value(topic.keyOf(event.value()), event.timeMillis(), event.bytes()));
    }

    @Override
    public List<Event> files(FilesNode node) {
      ResultText text = ResultText.of(node);
      return write(node, event -> text.value(null, event.timeMillis(), event.bytes()));
    }

    private List<Event> write(SinkNode node, Function<Event, RowValue> toRow) {
      for (Event event : outputOf(node.input())) {
        RowValue row =
            Repeated.call(
                node.name(), event.timeMillis(), () -> toRow.apply(event), RowValue::equals);
        results.row(node.label(), row);
        count(node, Outcome.EMITTED, event);
      }
      return List.of();
    }
  }

  /** An operator that makes any number of events of one, at the same time. */
  private List<Event> each(PlanNode node, Function<Object, List<Object>> function) {
    List<Event> out = new ArrayList<>();
    for (Event event : outputOf(node.inputs().get(0))) {
      List<Event> made = twice(node, event.timeMillis(), () -> function.apply(event.value()));
      count(node, made.isEmpty() ? Outcome.FILTERED : Outcome.EMITTED, event);
      out.addAll(made);
    }
    return out;
  }

  /** What a function makes; it must make the same again. */
  private static List<Event> twice(
      PlanNode node, long timeMillis, Supplier<List<Object>> function) {
    List<Event> first = made(node, timeMillis, function);
    List<Event> second = made(node, timeMillis, function);
    boolean same = first.size() == second.size();
    for (int i = 0; same && i < first.size(); i++) {
      same = Arrays.equals(first.get(i).bytes(), second.get(i).bytes());
    }
    Repeated.require(node.name(), timeMillis, same);
    return first;
  }

  private static List<Event> made(PlanNode node, long timeMillis, Supplier<List<Object>> function) {
    List<Object> values =
        AuthorCalls.notNull(
            node.name(),
            timeMillis,
            Repeated.once(node.name(), timeMillis, function),
            "list of " + node.type().name());
    values.forEach(value -> AuthorCalls.notNull(node, timeMillis, value));
    return Repeated.once(
        node.name(),
        timeMillis,
        () -> values.stream().map(value -> event(node, value, timeMillis)).toList());
  }

  private List<Event> readSource(SourceNode source) {
    List<Event> timed = new ArrayList<>();
    List<?> values = input.get(source.name());
    for (Object value : values == null ? List.of() : values) {
      Instant time = Repeated.time(source, value);
      if (time == null
          || time.toEpochMilli() < Times.MIN_MILLIS
          || time.toEpochMilli() >= Times.END_MILLIS) {
        results.outcome(source.name(), Outcome.BAD_TIME, Times.MIN_MILLIS);
      } else {
        Event event = event(source, value, time.toEpochMilli());
        count(source, Outcome.EMITTED, event);
        timed.add(event);
      }
    }
    return timed;
  }

  /** Of events of equal identity and time, the one with the smallest bytes stays. */
  private List<Event> withoutCopies(DedupNode node) {
    Port port = node.ports().get(0);
    List<Keyed> kept = new ArrayList<>();
    for (Keyed keyed : keyed(port).stream().sorted(Comparator.comparing(Keyed::event)).toList()) {
      long timeMillis = keyed.event().timeMillis();
      boolean copy =
          keyed.key() != null
              && kept.stream()
                  .anyMatch(
                      other ->
                          other.event().timeMillis() == timeMillis
                              && Arrays.equals(keyed.key(), other.key()));
      results.outcome(port.operator(), copy ? Outcome.DUPLICATE : Outcome.EMITTED, timeMillis);
      if (!copy) {
        kept.add(keyed);
      }
    }
    return kept.stream().map(Keyed::event).toList();
  }

  private List<Event> joined(JoinNode join) {
    Window window = grants.window(join);
    List<Keyed> primaries = keyed(join.ports().get(0));
    List<Keyed> secondaries = new ArrayList<>();
    List<Event> orphans = new ArrayList<>();
    furtherOutputs.put(join.name() + "-orphans", orphans);
    for (Keyed secondary : keyed(join.ports().get(1))) {
      Outcome outcome = null;
      if (secondary.key() == null) {
        outcome = Outcome.NULL_KEY;
      } else if (secondaries.stream().anyMatch(secondary::isSameAs)) {
        outcome = Outcome.DUPLICATE;
      } else {
        secondaries.add(secondary);
        boolean matched = primaries.stream().anyMatch(one -> matches(window, one, secondary));
        outcome = matched ? Outcome.MATCHED : Outcome.ORPHAN;
        if (!matched) {
          orphans.add(secondary.event());
        }
      }
      results.outcome(join.name() + "-secondary", outcome, secondary.event().timeMillis());
    }
    List<Event> out = new ArrayList<>();
    for (Keyed primary : primaries) {
      List<Object> matches =
          secondaries.stream()
              .filter(secondary -> matches(window, primary, secondary))
              .map(Keyed::event)
              .sorted()
              .map(Event::value)
              .toList();
      Object value = primary.event().value();
      out.addAll(
          twice(
              join,
              primary.event().timeMillis(),
              () ->
                  Collections.singletonList(
                      join.completesOnFirst()
                          ? join.onFirst().apply(value, !matches.isEmpty())
                          : join.onAll().apply(value, new MatchList<>(matches)))));
      results.outcome(join.name() + "-primary", Outcome.EMITTED, primary.event().timeMillis());
    }
    return out;
  }

  private List<Event> grouped(GroupNode group) {
    Map<List<Object>, List<Event>> byKeyAndWindow = new LinkedHashMap<>();
    for (Keyed keyed : keyed(group.ports().get(0))) {
      count(group, keyed.key() == null ? Outcome.NULL_KEY : Outcome.EMITTED, keyed.event());
      if (keyed.key() != null) {
        byKeyAndWindow
            .computeIfAbsent(
                List.of(
                    ByteBuffer.wrap(keyed.key()),
                    group.windows().windowOf(keyed.event().timeMillis())),
                key -> new ArrayList<>())
            .add(keyed.event());
      }
    }
    List<Event> out = new ArrayList<>();
    byKeyAndWindow.forEach(
        (keyAndWindow, events) -> {
          Object key = group.keyType().read(((ByteBuffer) keyAndWindow.get(0)).array());
          Interval window = (Interval) keyAndWindow.get(1);
          List<Object> values = events.stream().sorted().map(Event::value).toList();
          Object kept =
              group.form() instanceof GroupForm.Aggregate sums
                  ? new ReferenceSum(group, sums, window.startMillis()).of(values)
                  : values;
          out.addAll(
              twice(
                  group,
                  window.startMillis(),
                  () -> Collections.singletonList(group.form().emit().apply(key, window, kept))));
        });
    return out;
  }

  private static boolean matches(Window window, Keyed primary, Keyed secondary) {
    return Arrays.equals(primary.key(), secondary.key())
        && window.contains(primary.event().timeMillis(), secondary.event().timeMillis());
  }

  private List<Keyed> keyed(Port port) {
    List<Keyed> keyed = new ArrayList<>();
    for (Event event : outputOf(port.input())) {
      byte[] key =
          Repeated.call(
              port.name(),
              event.timeMillis(),
              () -> KeyCodec.encode(port.key().apply(event.value())),
              Arrays::equals);
      keyed.add(new Keyed(key, event));
    }
    return keyed;
  }

  private List<Event> outputOf(PlanNode node) {
    return outputs.get(node.name());
  }

  private void count(PlanNode node, Outcome outcome, Event event) {
    results.outcome(node.name(), outcome, event.timeMillis());
  }

  /** Every value travels as bytes, and so behaves as if it had been read back from them. */
  private static Event event(PlanNode node, Object value, long timeMillis) {
    RecordCodec<Object> codec = codecOf(node.type());
    byte[] bytes = codec.encode(value);
    return new Event(codec.decode(bytes), timeMillis, bytes);
  }

  @SuppressWarnings("unchecked") // all values that it is used for are of the type
  private static RecordCodec<Object> codecOf(EventType<?> type) {
    return (RecordCodec<Object>) type.codec();
  }

  /** An event, ordered canonically: by event time, then by bytes. Never compared for equality. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Event(Object value, long timeMillis, byte[] bytes) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(timeMillis, other.timeMillis);
      return byTime != 0 ? byTime : Arrays.compareUnsigned(bytes, other.bytes);
    }
  }

  /** An event with the bytes of its key, which may be null. Never compared for equality. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Keyed(byte[] key, Event event) {
    boolean isSameAs(Keyed other) {
      return Arrays.equals(key, other.key) && event.compareTo(other.event) == 0;
    }
  }

  /** Matches in a list. */
  private record MatchList<S>(List<S> events) implements Matches<S> {
    @Override
    public boolean any() {
      return !events.isEmpty();
    }

    @Override
    public Optional<S> first() {
      return events.stream().findFirst();
    }

    @Override
    public int size() {
      return events.size();
    }

    @Override
    public Iterator<S> iterator() {
      return events.iterator();
    }
  }
}
