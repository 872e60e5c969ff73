package io.starfire.plan;

import static java.util.Objects.requireNonNull;

import io.starfire.api.DataSource;
import io.starfire.api.Enhancement;
import io.starfire.api.Files;
import io.starfire.api.Matches;
import io.starfire.api.Topic;
import io.starfire.api.Tumbling;
import io.starfire.api.Window;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.EventType;
import io.starfire.event.KeyReader;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One operator of a pipeline. Its name is unique in the plan; its outcomes are counted under it.
 * The author's functions are untyped here: the DSL has checked their types. Immutable.
 *
 * <p>Compare nodes by identity or by name, and never use them in a hash table: equals and hashCode
 * of a record walk along every way through the plan above it.
 */
public sealed interface PlanNode {
  String name();

  /** Its name in the DSL, such as {@code map}. */
  String kind();

  /** The operators that it reads. For a join: the primary, then the secondary. */
  List<PlanNode> inputs();

  /** The type of the events that it produces; for a sink, of those that it stores. */
  EventType<?> type();

  /** Calls the method of the visitor for this kind of operator. */
  <R> R accept(PlanVisitor<R> visitor);

  /**
   * An operator that needs the events of a key in one place, and so begins a stage. It has a state,
   * which is stored under its name.
   */
  sealed interface KeyedNode extends PlanNode {
    /** Its inputs; where ports matter for the order of events of equal time, first ports first. */
    List<Port> ports();

    @Override
    default List<PlanNode> inputs() {
      return ports().stream().map(Port::input).toList();
    }

    <R> R accept(KeyedVisitor<R> visitor);

    @Override
    default <R> R accept(PlanVisitor<R> visitor) {
      return accept((KeyedVisitor<R>) visitor);
    }
  }

  /**
   * A further output of the operator that it reads. It passes on what that operator gives it, and
   * not what that operator puts out to its other consumers.
   */
  sealed interface OutputNode extends PlanNode {}

  /** Reads events; {@code identity} is null for a source without one. */
  record SourceNode(
      String name,
      EventType<?> type,
      Function<Object, @Nullable Instant> eventTime,
      @Nullable Function<Object, @Nullable Object> identity)
      implements PlanNode {
    public SourceNode {
      OperatorNames.check("source", name);
    }

    @Override
    public String kind() {
      return "source";
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of();
    }

    public boolean hasIdentity() {
      return identity != null;
    }

    /**
     * The event time of an event, as the author's function reads it.
     *
     * @throws StarfireException with INVALID_PIPELINE if the function fails
     */
    public @Nullable Instant timeOf(Object event) {
      try {
        return eventTime.apply(event);
      } catch (RuntimeException | Error e) {
        throw AuthorCalls.timeFailed(name, e);
      }
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.source(this);
    }
  }

  /** Removes copies of the events of a source with identity. */
  record DedupNode(String name, SourceNode source) implements KeyedNode {
    public DedupNode {
      if (!source.hasIdentity()) {
        throw new IllegalArgumentException(
            "source '" + source.name() + "' has no identity, so that nothing is a copy");
      }
    }

    @Override
    public String kind() {
      return "deduplicate";
    }

    @Override
    public List<Port> ports() {
      return List.of(
          new Port(
              source.name() + "-by-identity", name, source, requireNonNull(source.identity())));
    }

    @Override
    public EventType<?> type() {
      return source.type();
    }

    @Override
    public <R> R accept(KeyedVisitor<R> visitor) {
      return visitor.dedup(this);
    }
  }

  /** Turns one event into one. */
  record MapNode(String name, PlanNode input, EventType<?> type, Function<Object, Object> function)
      implements PlanNode {
    @Override
    public String kind() {
      return "map";
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.map(this);
    }
  }

  /** Turns one event into any number. */
  record FlatMapNode(
      String name, PlanNode input, EventType<?> type, Function<Object, Iterable<?>> function)
      implements PlanNode {
    @Override
    public String kind() {
      return "flatMap";
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.flatMap(this);
    }
  }

  /** Keeps some events. */
  record FilterNode(String name, PlanNode input, Predicate<Object> keep) implements PlanNode {
    @Override
    public String kind() {
      return "filter";
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }

    @Override
    public EventType<?> type() {
      return input.type();
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.filter(this);
    }
  }

  /** Combines an event with the row that a lookup has for its key, if any. */
  record EnrichNode(
      String name,
      PlanNode input,
      EventType<?> type,
      LookupRef lookup,
      Function<Object, Object> key,
      BiFunction<Object, Optional<?>, Object> function)
      implements PlanNode {
    @Override
    public String kind() {
      return "enrich";
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.enrich(this);
    }
  }

  /** Changes an event, or drops it, by small named steps. */
  record EnhanceNode(String name, PlanNode input, Enhancement steps, Enhancement.Bound bound)
      implements PlanNode {
    public EnhanceNode {
      requireNonNull(steps, "steps");
      requireNonNull(bound, "bound");
    }

    @Override
    public EventType<?> type() {
      return bound.type();
    }

    @Override
    public String kind() {
      return "enhance";
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.enhance(this);
    }
  }

  /**
   * A windowed join. If it keeps orphans, an {@link OrphansNode} puts them out. Exactly one of the
   * two result functions is set: {@code onFirst} if it completes on the first match, else {@code
   * onAll}.
   */
  record JoinNode(
      String name,
      PlanNode primary,
      PlanNode secondary,
      Function<Object, Object> primaryKey,
      Function<Object, Object> secondaryKey,
      Window window,
      EventType<?> type,
      @Nullable BiFunction<Object, Boolean, Object> onFirst,
      @Nullable BiFunction<Object, Matches<?>, Object> onAll,
      boolean keepsOrphans)
      implements KeyedNode {
    public JoinNode {
      OperatorNames.check("join", name);
      requireNonNull(window, "window");
      requireNonNull(type, "type");
      if ((onFirst == null) == (onAll == null)) {
        throw new IllegalArgumentException(
            "join '"
                + name
                + "' must have one function of its results, for the first match or all");
      }
    }

    @Override
    public String kind() {
      return "join";
    }

    @Override
    public List<Port> ports() {
      String left = name + "-primary";
      String right = name + "-secondary";
      return List.of(
          new Port(left, left, primary, primaryKey),
          new Port(right, right, secondary, secondaryKey));
    }

    public boolean completesOnFirst() {
      return onFirst != null;
    }

    @Override
    public <R> R accept(KeyedVisitor<R> visitor) {
      return visitor.join(this);
    }
  }

  /** The secondary events of a join that matched nothing. */
  record OrphansNode(String name, JoinNode join) implements OutputNode {
    @Override
    public String kind() {
      return "orphans";
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(join);
    }

    @Override
    public EventType<?> type() {
      return join.secondary().type();
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.orphans(this);
    }
  }

  /** Passes on the events of several streams, which are of one type. */
  record UnionNode(String name, List<PlanNode> inputs) implements PlanNode {
    public UnionNode {
      inputs = List.copyOf(inputs);
    }

    @Override
    public String kind() {
      return "union";
    }

    @Override
    public EventType<?> type() {
      return inputs.get(0).type();
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.union(this);
    }
  }

  /**
   * Sends each event to the output of the first predicate that is true. If there is one output more
   * than predicates, it gets the other events; else they are dropped. {@link BranchOutputNode}s put
   * them out.
   */
  record BranchNode(
      String name, PlanNode input, List<Predicate<Object>> predicates, List<String> outputs)
      implements PlanNode {
    public BranchNode {
      OperatorNames.check("branch", name);
      predicates = List.copyOf(predicates);
      outputs = List.copyOf(outputs);
      if (predicates.isEmpty()) {
        throw new StarfireException(
            ErrorCode.INVALID_PIPELINE,
            "branch '%s' has no when(); give it one, or leave it out".formatted(name));
      }
    }

    /** The output of an event, or -1 if it is dropped. */
    public int outputOf(Object event) {
      for (int i = 0; i < predicates.size(); i++) {
        if (predicates.get(i).test(event)) {
          return i;
        }
      }
      return outputs.size() > predicates.size() ? predicates.size() : -1;
    }

    @Override
    public String kind() {
      return "branch";
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }

    @Override
    public EventType<?> type() {
      return input.type();
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.branch(this);
    }
  }

  /** One output of a branch, by its index. */
  record BranchOutputNode(String name, BranchNode branch, int index) implements OutputNode {
    public BranchOutputNode {
      Objects.checkIndex(index, branch.outputs().size());
    }

    @Override
    public String kind() {
      return "branch output";
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(branch);
    }

    @Override
    public EventType<?> type() {
      return branch.type();
    }

    @Override
    public <R> R accept(PlanVisitor<R> visitor) {
      return visitor.branchOutput(this);
    }
  }

  /** Makes one event of the events of a key and window. */
  record GroupNode(
      String name,
      PlanNode input,
      KeyReader<?> keyType,
      Function<Object, Object> key,
      Tumbling windows,
      EventType<?> type,
      GroupForm form)
      implements KeyedNode {
    public GroupNode {
      OperatorNames.check("group", name);
      requireNonNull(keyType, "keyType");
      requireNonNull(windows, "windows");
      requireNonNull(type, "type");
      requireNonNull(form, "form");
    }

    @Override
    public String kind() {
      return "group";
    }

    @Override
    public List<Port> ports() {
      return List.of(new Port(name + "-by-key", name, input, key));
    }

    @Override
    public <R> R accept(KeyedVisitor<R> visitor) {
      return visitor.group(this);
    }
  }

  /** Puts results out of the pipeline. Nothing reads it. */
  sealed interface SinkNode extends PlanNode {
    PlanNode input();

    /** What it writes, for people: the name of a data source, {@code topic NAME} or others. */
    String label();

    <R> R accept(SinkVisitor<R> visitor);

    @Override
    default List<PlanNode> inputs() {
      return List.of(input());
    }

    @Override
    default EventType<?> type() {
      return input().type();
    }

    @Override
    default <R> R accept(PlanVisitor<R> visitor) {
      return accept((SinkVisitor<R>) visitor);
    }
  }

  /** Writes to a data source. */
  record DataSourceNode(String name, PlanNode input, DataSource<?> dataSource) implements SinkNode {
    public DataSourceNode {
      requireNonNull(dataSource, "dataSource");
    }

    @Override
    public String kind() {
      return "to";
    }

    @Override
    public String label() {
      return dataSource.schema().name();
    }

    @Override
    public <R> R accept(SinkVisitor<R> visitor) {
      return visitor.dataSource(this);
    }
  }

  /** Writes to a topic for other programs. */
  record TopicNode(String name, PlanNode input, Topic<?> topic) implements SinkNode {
    public TopicNode {
      requireNonNull(topic, "topic");
    }

    @Override
    public String kind() {
      return "to topic";
    }

    @Override
    public String label() {
      return "topic " + topic.name();
    }

    @Override
    public <R> R accept(SinkVisitor<R> visitor) {
      return visitor.topic(this);
    }
  }

  /** Writes files for other programs. */
  record FilesNode(String name, PlanNode input, Files<?> files) implements SinkNode {
    public FilesNode {
      requireNonNull(files, "files");
    }

    @Override
    public String kind() {
      return "to files";
    }

    @Override
    public String label() {
      return "files " + files.name();
    }

    @Override
    public <R> R accept(SinkVisitor<R> visitor) {
      return visitor.files(this);
    }
  }

  /** A lookup: its name, and the types of its keys and rows. */
  record LookupRef(String name, Class<?> keyType, EventType<?> valueType) {
    public LookupRef {
      OperatorNames.check("lookup", name);
    }
  }
}
