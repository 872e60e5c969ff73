package io.starfire.plan;

import io.starfire.api.DataSource;
import io.starfire.api.Matches;
import io.starfire.api.Window;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One operator of a pipeline. Its name is unique in the plan; its outcomes are counted under it.
 * The author's functions are untyped here: the DSL has checked their types. Immutable.
 */
public sealed interface PlanNode {
  String name();

  /** Its name in the DSL, such as {@code map}. */
  String kind();

  /** The operators that it reads. For a join: the primary, then the secondary. */
  List<PlanNode> inputs();

  /** The type of the events that it produces; for a sink, of those that it stores. */
  Class<? extends Record> type();

  /** Reads events; {@code identity} is null for a source without one. */
  record SourceNode(
      String name,
      Class<? extends Record> type,
      Function<Object, Instant> eventTime,
      Function<Object, Object> identity)
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
  }

  /** Turns one event into one. */
  record MapNode(
      String name, PlanNode input, Class<? extends Record> type, Function<Object, Object> function)
      implements PlanNode {
    @Override
    public String kind() {
      return "map";
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }

  /** Turns one event into any number. */
  record FlatMapNode(
      String name,
      PlanNode input,
      Class<? extends Record> type,
      Function<Object, Iterable<?>> function)
      implements PlanNode {
    @Override
    public String kind() {
      return "flatMap";
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
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
    public Class<? extends Record> type() {
      return input.type();
    }
  }

  /** Combines an event with the row that a lookup has for its key, if any. */
  record EnrichNode(
      String name,
      PlanNode input,
      Class<? extends Record> type,
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
  }

  /**
   * A windowed join. Exactly one of the two result functions is set: {@code onFirst} if it
   * completes on the first match, else {@code onAll}.
   */
  record JoinNode(
      String name,
      PlanNode primary,
      PlanNode secondary,
      Function<Object, Object> primaryKey,
      Function<Object, Object> secondaryKey,
      Window window,
      Class<? extends Record> type,
      BiFunction<Object, Boolean, Object> onFirst,
      BiFunction<Object, Matches<?>, Object> onAll)
      implements PlanNode {
    public JoinNode {
      OperatorNames.check("join", name);
    }

    @Override
    public String kind() {
      return "join";
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(primary, secondary);
    }

    public boolean completesOnFirst() {
      return onFirst != null;
    }
  }

  /** Writes to a data source. */
  record SinkNode(String name, PlanNode input, DataSource<?> dataSource) implements PlanNode {
    @Override
    public String kind() {
      return "to";
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }

    @Override
    public Class<? extends Record> type() {
      return input.type();
    }
  }

  /** A lookup: its name, and the types of its keys and rows. */
  record LookupRef(String name, Class<?> keyType, Class<? extends Record> valueType) {
    public LookupRef {
      OperatorNames.check("lookup", name);
    }
  }
}
