package io.starfire.plan;

import static java.util.Objects.requireNonNull;

import io.starfire.api.Branches;
import io.starfire.api.DataSource;
import io.starfire.api.Enhancement;
import io.starfire.api.Files;
import io.starfire.api.Flow;
import io.starfire.api.Group;
import io.starfire.api.Join;
import io.starfire.api.Lookup;
import io.starfire.api.Source;
import io.starfire.api.Stream;
import io.starfire.api.Topic;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.EventType;
import io.starfire.event.KeyReader;
import io.starfire.event.Row;
import io.starfire.event.RowSchema;
import io.starfire.event.RowSchemas;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.DedupNode;
import io.starfire.plan.PlanNode.EnhanceNode;
import io.starfire.plan.PlanNode.EnrichNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.FilterNode;
import io.starfire.plan.PlanNode.FlatMapNode;
import io.starfire.plan.PlanNode.LookupRef;
import io.starfire.plan.PlanNode.MapNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.plan.PlanNode.UnionNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Turns the calls of {@code Pipeline.define} into nodes, in their order. Operators without a name
 * are numbered by kind, so that the same code gives the same names. Not thread-safe.
 *
 * <p>The DSL has checked the types of the author's functions. From here on the functions take and
 * return Object; hence the unchecked casts in this class.
 */
final class FlowBuilder implements Flow {
  private final RowSchemas schemas;
  private final List<PlanNode> nodes = new ArrayList<>();
  private final List<LookupRef> lookups = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final List<String> unfinished = new ArrayList<>();

  FlowBuilder(RowSchemas schemas) {
    this.schemas = schemas;
  }

  List<PlanNode> nodes() {
    return nodes;
  }

  List<LookupRef> lookups() {
    return lookups;
  }

  /** Sources and joins that were begun but not finished, described for a message. */
  List<String> unfinished() {
    return unfinished;
  }

  @Override
  public RowSchema schema(String name) {
    return schemas.get(requireNonNull(name, "name"));
  }

  @Override
  public <T> Source<T> source(String name, EventType<T> type) {
    claim("source", name);
    requireNonNull(type, "type");
    String description = "source '" + name + "'";
    unfinished.add(description);
    return time -> new TimedSource<>(name, type, erase(time), description);
  }

  @Override
  public <K, V> Lookup<K, V> lookup(String name, Class<K> key, EventType<V> value) {
    if (lookups.stream().anyMatch(lookup -> lookup.name().equals(name))) {
      throw twice("lookup", name);
    }
    LookupRef ref = new LookupRef(name, requireNonNull(key, "key"), requireNonNull(value, "value"));
    lookups.add(ref);
    return new LookupHandle<>(ref);
  }

  /** Notes that something was begun that must be finished. */
  void begin(String description) {
    unfinished.add(description);
  }

  void claim(String kind, String name) {
    if (!names.add(name)) {
      throw twice(kind, name);
    }
  }

  /** Refuses to finish a builder twice: that would make two operators of the same name. */
  void finish(String description) {
    if (!unfinished.remove(description)) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "%s is finished twice; declare it twice, under two names".formatted(description));
    }
  }

  private static StarfireException twice(String kind, String name) {
    return new StarfireException(
        ErrorCode.INVALID_PIPELINE,
        "the pipeline has two operators or lookups named '%s'; give the second %s another name"
            .formatted(name, kind));
  }

  private String numbered(String kind) {
    int number = 1;
    while (!names.add(kind + "-" + number)) {
      number++;
    }
    return kind + "-" + number;
  }

  <R> Stream<R> add(PlanNode node) {
    nodes.add(node);
    return new StreamHandle<>(node);
  }

  static Function<Object, Object> erased(Function<?, ?> function) {
    return erase(requireNonNull(function, "function"));
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // see the class comment
  static <A, B> A erase(B typed) {
    return (A) typed;
  }

  /** The compiler does not know the schemas of rows. */
  private static void requireSame(String operator, EventType<?> first, EventType<?> second) {
    if (!first.equals(second)) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "'%s' is given events of two types: %s, and %s"
              .formatted(operator, first.describe(), second.describe()));
    }
  }

  private PlanNode nodeOf(Stream<?> stream) {
    if (stream instanceof StreamHandle<?> handle && handle.owner() == this) {
      return handle.node;
    }
    throw new StarfireException(
        ErrorCode.INVALID_PIPELINE, "a stream of another flow was used; use only this flow's own");
  }

  private record LookupHandle<K, V>(LookupRef ref) implements Lookup<K, V> {
    @Override
    public String name() {
      return ref.name();
    }
  }

  private final class TimedSource<T> implements Source.Timed<T> {
    private final String name;
    private final EventType<T> type;
    private final Function<Object, Instant> eventTime;
    private final String description;

    private TimedSource(
        String name, EventType<T> type, Function<Object, Instant> eventTime, String description) {
      this.name = name;
      this.type = type;
      this.eventTime = requireNonNull(eventTime, "eventTime");
      this.description = description;
    }

    @Override
    public Stream<T> identity(Function<? super T, ? extends Object> identity) {
      finish(description);
      SourceNode source = new SourceNode(name, type, eventTime, erased(identity));
      nodes.add(source);
      return add(new DedupNode(name + "-deduplicated", source));
    }

    @Override
    public Stream<T> withoutIdentity() {
      finish(description);
      return add(new SourceNode(name, type, eventTime, null));
    }
  }

  private final class StreamHandle<T> implements Stream<T> {
    private final PlanNode node;

    private StreamHandle(PlanNode node) {
      this.node = node;
    }

    @Override
    @SuppressWarnings("unchecked") // the node's events are those of the stream
    public EventType<T> type() {
      return (EventType<T>) node.type();
    }

    private FlowBuilder owner() {
      return FlowBuilder.this;
    }

    @Override
    public Stream<T> filter(Predicate<? super T> keep) {
      return add(new FilterNode(numbered("filter"), node, erase(requireNonNull(keep, "keep"))));
    }

    @Override
    public <R> Stream<R> map(EventType<R> to, Function<? super T, ? extends R> function) {
      return add(new MapNode(numbered("map"), node, requireNonNull(to, "to"), erased(function)));
    }

    @Override
    public <R> Stream<R> flatMap(
        EventType<R> to, Function<? super T, ? extends Iterable<? extends R>> function) {
      return add(
          new FlatMapNode(
              numbered("flatMap"),
              node,
              requireNonNull(to, "to"),
              erase(requireNonNull(function, "function"))));
    }

    @Override
    public <K, V, R> Stream<R> enrich(
        EventType<R> to,
        Lookup<K, V> lookup,
        Function<? super T, ? extends K> key,
        BiFunction<? super T, Optional<V>, ? extends R> function) {
      if (!(lookup instanceof LookupHandle<K, V> handle) || !lookups.contains(handle.ref())) {
        throw new StarfireException(
            ErrorCode.INVALID_PIPELINE,
            "a lookup of another flow was used; declare it with this flow's lookup()");
      }
      return add(
          new EnrichNode(
              numbered("enrich"),
              node,
              requireNonNull(to, "to"),
              handle.ref(),
              erased(key),
              erase(requireNonNull(function, "function"))));
    }

    @Override
    public <R> Stream<R> enhance(EventType<R> to, Enhancement steps) {
      requireNonNull(to, "to");
      return enhance(steps, name -> steps.bind(node.type(), to));
    }

    @Override
    public Stream<Row> enhance(Enhancement steps) {
      return enhance(steps, name -> steps.bindToRows(node.type(), name));
    }

    private <R> Stream<R> enhance(Enhancement steps, Function<String, Enhancement.Bound> binding) {
      String name = numbered("enhance");
      for (String lookup : requireNonNull(steps, "steps").lookups()) {
        if (lookups.stream().noneMatch(known -> known.name().equals(lookup))) {
          throw new StarfireException(
              ErrorCode.INVALID_PIPELINE,
              "'%s': there is no lookup '%s'; declare it with this flow's lookup()"
                  .formatted(name, lookup));
        }
      }
      try {
        return add(new EnhanceNode(name, node, steps, binding.apply(name)));
      } catch (StarfireException e) {
        throw new StarfireException(
            ErrorCode.INVALID_PIPELINE, "'%s': %s".formatted(name, e.getMessage()), e);
      }
    }

    @Override
    public <S> Join<T, S> join(String name, Stream<S> secondary) {
      FlowBuilder.this.claim("join", name);
      return new JoinBuilder<>(FlowBuilder.this, name, node, nodeOf(secondary));
    }

    @Override
    public Stream<T> union(Stream<T> other) {
      String name = numbered("union");
      requireSame(name, node.type(), nodeOf(other).type());
      return add(new UnionNode(name, List.of(node, nodeOf(other))));
    }

    @Override
    public Branches.Builder<T> branch(String name) {
      FlowBuilder.this.claim("branch", name);
      return new BranchBuilder<>(FlowBuilder.this, name, node);
    }

    @Override
    public <K> Group<T, K> groupBy(
        String name, Class<K> keyType, Function<? super T, ? extends K> key) {
      FlowBuilder.this.claim("group", name);
      requireNonNull(keyType, "keyType");
      return new GroupBuilder<>(
          FlowBuilder.this, name, node, () -> KeyReader.of(keyType), erased(key));
    }

    @Override
    public <K> Group<T, K> groupBy(
        String name, EventType<K> keyType, Function<? super T, ? extends K> key) {
      FlowBuilder.this.claim("group", name);
      requireNonNull(keyType, "keyType");
      return new GroupBuilder<>(
          FlowBuilder.this, name, node, () -> KeyReader.of(keyType), erased(key));
    }

    @Override
    public void to(DataSource<? super T> dataSource) {
      String name = "to-" + requireNonNull(dataSource, "dataSource").schema().name();
      claim(name, dataSource.type());
      nodes.add(new DataSourceNode(name, node, dataSource));
    }

    @Override
    public void to(Topic<? super T> topic) {
      String name = "to-topic-" + requireNonNull(topic, "topic").name();
      claim(name, topic.type());
      nodes.add(new TopicNode(name, node, topic));
    }

    @Override
    public void to(Files<? super T> files) {
      String name = "to-files-" + requireNonNull(files, "files").name();
      claim(name, files.type());
      nodes.add(new FilesNode(name, node, files));
    }

    private void claim(String name, EventType<?> type) {
      FlowBuilder.this.claim("sink", name);
      requireSame(name, node.type(), type);
    }
  }
}
