package io.starfire.testkit;

import io.starfire.api.DataSource;
import io.starfire.api.Enhancement;
import io.starfire.api.Matches;
import io.starfire.api.Topic;
import io.starfire.api.Window;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.KeyCodec;
import io.starfire.event.Outcome;
import io.starfire.event.RecordCodec;
import io.starfire.kernel.Lookups;
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
      return each(node, event -> List.of(node.function().apply(event)));
    }

    @Override
    public List<Event> flatMap(FlatMapNode node) {
      return each(
          node,
          event -> {
            List<Object> made = new ArrayList<>();
            node.function().apply(event).forEach(made::add);
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
            return List.of(node.function().apply(event, row));
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
        int chosen = node.outputOf(event.value());
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
        results.row(node.label(), toRow.apply(event));
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

  /**
   * What a function makes. It is called twice: what depends on more than its input differs then.
   */
  private static List<Event> twice(
      PlanNode node, long timeMillis, Supplier<List<Object>> function) {
    List<Event> first = new ArrayList<>();
    List<Event> second = new ArrayList<>();
    function.get().forEach(value -> first.add(event(node, value, timeMillis)));
    function.get().forEach(value -> second.add(event(node, value, timeMillis)));
    boolean same = first.size() == second.size();
    for (int i = 0; same && i < first.size(); i++) {
      same = Arrays.equals(first.get(i).bytes(), second.get(i).bytes());
    }
    if (!same) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "the function of '%s' gives another result for the same event at %s when it is called again; it must use nothing but its input: no clock, no random numbers, no counters"
              .formatted(node.name(), Times.format(timeMillis)));
    }
    return first;
  }

  private List<Event> readSource(SourceNode source) {
    List<Event> timed = new ArrayList<>();
    List<?> values = input.get(source.name());
    for (Object value : values == null ? List.of() : values) {
      Instant time = source.eventTime().apply(value);
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
    List<Event> kept = new ArrayList<>();
    for (Event event : outputOf(port.input()).stream().sorted().toList()) {
      byte[] identity = KeyCodec.encode(port.key().apply(event.value()));
      boolean copy =
          identity != null
              && kept.stream()
                  .anyMatch(
                      other ->
                          other.timeMillis() == event.timeMillis()
                              && Arrays.equals(
                                  identity, KeyCodec.encode(port.key().apply(other.value()))));
      results.outcome(
          port.operator(), copy ? Outcome.DUPLICATE : Outcome.EMITTED, event.timeMillis());
      if (!copy) {
        kept.add(event);
      }
    }
    return kept;
  }

  private List<Event> joined(JoinNode join) {
    Window window = grants.window(join);
    List<Keyed> primaries = keyed(outputOf(join.primary()), join.primaryKey());
    List<Keyed> secondaries = new ArrayList<>();
    List<Event> orphans = new ArrayList<>();
    furtherOutputs.put(join.name() + "-orphans", orphans);
    for (Keyed secondary : keyed(outputOf(join.secondary()), join.secondaryKey())) {
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
                  List.of(
                      join.completesOnFirst()
                          ? join.onFirst().apply(value, !matches.isEmpty())
                          : join.onAll().apply(value, new MatchList<>(matches)))));
      results.outcome(join.name() + "-primary", Outcome.EMITTED, primary.event().timeMillis());
    }
    return out;
  }

  private List<Event> grouped(GroupNode group) {
    Map<List<Object>, List<Event>> byKeyAndWindow = new LinkedHashMap<>();
    for (Keyed keyed : keyed(outputOf(group.input()), group.key())) {
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
          Object key = group.key().apply(events.get(0).value());
          Interval window = (Interval) keyAndWindow.get(1);
          List<Object> values = events.stream().sorted().map(Event::value).toList();
          Object kept =
              group.form() instanceof GroupForm.Aggregate sums ? sum(sums, values) : values;
          out.addAll(
              twice(
                  group,
                  window.startMillis(),
                  () -> List.of(group.form().emit().apply(key, window, kept))));
        });
    return out;
  }

  /**
   * Merges the sums of two parts, so that a merge that does not fit to add gives another result.
   */
  private static Object sum(GroupForm.Aggregate form, List<Object> values) {
    int half = values.size() / 2;
    return form.merge()
        .apply(
            addUp(form, values.subList(half, values.size())), addUp(form, values.subList(0, half)));
  }

  private static Object addUp(GroupForm.Aggregate form, List<Object> values) {
    Object sum = form.initial();
    for (Object value : values) {
      sum = form.add().apply(sum, value);
    }
    return sum;
  }

  private static boolean matches(Window window, Keyed primary, Keyed secondary) {
    return Arrays.equals(primary.key(), secondary.key())
        && window.contains(primary.event().timeMillis(), secondary.event().timeMillis());
  }

  private static List<Keyed> keyed(List<Event> events, Function<Object, Object> key) {
    return events.stream()
        .map(event -> new Keyed(KeyCodec.encode(key.apply(event.value())), event))
        .toList();
  }

  private List<Event> outputOf(PlanNode node) {
    return outputs.get(node.name());
  }

  private void count(PlanNode node, Outcome outcome, Event event) {
    results.outcome(node.name(), outcome, event.timeMillis());
  }

  /** Every value travels as bytes, and so behaves as if it had been read back from them. */
  @SuppressWarnings("unchecked") // the codec is of the node's own type, which all its events have
  private static Event event(PlanNode node, Object value, long timeMillis) {
    RecordCodec<Object> codec = (RecordCodec<Object>) node.type().codec();
    byte[] bytes = codec.encode(value);
    return new Event(codec.decode(bytes), timeMillis, bytes);
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
