package io.starfire.kernel;

import io.starfire.api.DataSource;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.KeyCodec;
import io.starfire.event.Outcome;
import io.starfire.event.RecordCodec;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode;
import io.starfire.plan.PlanNode.EnrichNode;
import io.starfire.plan.PlanNode.FilterNode;
import io.starfire.plan.PlanNode.FlatMapNode;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.MapNode;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Builds the stateless operators after a stage's head into a tree of small objects that call each
 * other. A value that an author's function made is encoded and decoded before the next function
 * sees it, unless that cannot change it. So the result is the same as without fusing.
 */
final class FusedOperators {
  private final Plan plan;
  private final Stage stage;
  private final Lookups lookups;
  private final Clip clip;
  private final StageOutput output;

  FusedOperators(Plan plan, Stage stage, Lookups lookups, Clip clip, StageOutput output) {
    this.plan = plan;
    this.stage = stage;
    this.lookups = lookups;
    this.clip = clip;
    this.output = output;
  }

  /** The step that takes the events of the stage's head. */
  Step below(PlanNode node) {
    List<Step> steps = new ArrayList<>();
    for (PlanNode consumer : plan.consumersOf(node)) {
      if (consumer instanceof JoinNode join) {
        addShuffles(join, node, steps);
      } else {
        steps.add(step(consumer));
      }
    }
    if (steps.size() == 1) {
      return steps.get(0);
    }
    Step[] all = steps.toArray(Step[]::new);
    return (event, timeMillis) -> {
      for (Step step : all) {
        step.accept(event, timeMillis);
      }
    };
  }

  /** The step that sends events to the shuffle by identity, for a source with identity. */
  Step toIdentity(Function<Object, Object> identity) {
    return shuffle(stage.outputs().get(0), identity);
  }

  private void addShuffles(JoinNode join, PlanNode node, List<Step> steps) {
    for (Shuffle shuffle : stage.outputs()) {
      if (shuffle.to() == join && shuffle.from() == node) {
        steps.add(
            shuffle(
                shuffle,
                shuffle.side() == Shuffle.Side.PRIMARY ? join.primaryKey() : join.secondaryKey()));
      }
    }
  }

  private Step shuffle(Shuffle shuffle, Function<Object, Object> key) {
    RecordCodec<Object> codec = codecOf(shuffle.from());
    return (event, timeMillis) -> {
      if (clip.sends(shuffle, timeMillis)) {
        Object keyValue = guarded(shuffle.name(), timeMillis, () -> key.apply(event));
        output.shuffle(shuffle, KeyCodec.encode(keyValue), timeMillis, codec.encode(event));
      }
    };
  }

  private Step step(PlanNode node) {
    OutcomeCounter counter = output.counter(node.name());
    if (node instanceof FilterNode filter) {
      return filter(filter, counter, below(node));
    }
    if (node instanceof MapNode map) {
      Step next = normalised(node);
      return (event, timeMillis) -> {
        Object result = guarded(node.name(), timeMillis, () -> map.function().apply(event));
        counter.count(Outcome.EMITTED, timeMillis);
        next.accept(notNull(node, timeMillis, result), timeMillis);
      };
    }
    if (node instanceof FlatMapNode flatMap) {
      return flatMap(flatMap, counter, normalised(node));
    }
    if (node instanceof EnrichNode enrich) {
      return enrich(enrich, counter, normalised(node));
    }
    if (node instanceof SinkNode sink) {
      return sink(sink, counter);
    }
    throw new StarfireException(
        ErrorCode.INTERNAL,
        "operator '%s' of kind %s has no step in FusedOperators"
            .formatted(node.name(), node.kind()));
  }

  private static Step filter(FilterNode filter, OutcomeCounter counter, Step next) {
    return (event, timeMillis) -> {
      boolean kept = guarded(filter.name(), timeMillis, () -> filter.keep().test(event));
      counter.count(kept ? Outcome.EMITTED : Outcome.FILTERED, timeMillis);
      if (kept) {
        next.accept(event, timeMillis);
      }
    };
  }

  private static Step flatMap(FlatMapNode flatMap, OutcomeCounter counter, Step next) {
    return (event, timeMillis) -> {
      List<Object> results = new ArrayList<>();
      guarded(
          flatMap.name(),
          timeMillis,
          () -> {
            flatMap.function().apply(event).forEach(results::add);
            return null;
          });
      counter.count(results.isEmpty() ? Outcome.FILTERED : Outcome.EMITTED, timeMillis);
      for (Object result : results) {
        next.accept(notNull(flatMap, timeMillis, result), timeMillis);
      }
    };
  }

  private Step enrich(EnrichNode enrich, OutcomeCounter counter, Step next) {
    String lookup = enrich.lookup().name();
    return (event, timeMillis) -> {
      Object result =
          guarded(
              enrich.name(),
              timeMillis,
              () -> {
                Object key = enrich.key().apply(event);
                Optional<?> row = key == null ? Optional.empty() : lookups.find(lookup, key);
                return enrich.function().apply(event, row);
              });
      counter.count(Outcome.EMITTED, timeMillis);
      next.accept(notNull(enrich, timeMillis, result), timeMillis);
    };
  }

  private Step sink(SinkNode sink, OutcomeCounter counter) {
    @SuppressWarnings("unchecked") // the DSL has checked that the stream fits the data source
    DataSource<Record> dataSource = (DataSource<Record>) sink.dataSource();
    return (event, timeMillis) -> {
      boolean taken =
          !clip.writes(timeMillis)
              || output.row(
                  sink,
                  guarded(
                      sink.name(), timeMillis, () -> dataSource.toRow((Record) event, timeMillis)));
      counter.count(taken ? Outcome.EMITTED : Outcome.SINK_REJECTED, timeMillis);
    };
  }

  /** The step after a node. It first encodes and decodes what the node's function made. */
  Step normalised(PlanNode node) {
    Step next = below(node);
    RecordCodec<Object> codec = codecOf(node);
    return (event, timeMillis) -> next.accept(codec.normalise(event), timeMillis);
  }

  @SuppressWarnings("unchecked") // the codec is of the node's own type, which all its events have
  static RecordCodec<Object> codecOf(PlanNode node) {
    return (RecordCodec<Object>) (RecordCodec<?>) RecordCodec.of(node.type());
  }

  static Object notNull(PlanNode node, long timeMillis, Object result) {
    if (result == null) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "the function of '%s' returned null for an event at %s; it must return a %s"
              .formatted(node.name(), Times.format(timeMillis), node.type().getSimpleName()));
    }
    return result;
  }

  /** Calls an author's function. If it fails, the error names the operator. */
  static <R> R guarded(String operator, long timeMillis, AuthorFunction<R> function) {
    try {
      return function.call();
    } catch (StarfireException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "the function of '%s' failed on an event at %s with %s; it must handle every event"
              .formatted(operator, Times.format(timeMillis), e),
          e);
    }
  }

  /** Takes an event. */
  interface Step {
    void accept(Object event, long timeMillis);
  }

  /** A call of an author's function. */
  interface AuthorFunction<R> {
    R call();
  }
}
