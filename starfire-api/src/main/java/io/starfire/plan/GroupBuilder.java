package io.starfire.plan;

import static java.util.Objects.requireNonNull;

import io.starfire.api.Group;
import io.starfire.api.Stream;
import io.starfire.api.Tumbling;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.EventType;
import io.starfire.event.KeyReader;
import io.starfire.plan.PlanNode.GroupNode;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;

/** A group that is being described. Not thread-safe. */
final class GroupBuilder<T, K> implements Group<T, K> {
  private final FlowBuilder flow;
  private final String name;
  private final PlanNode input;
  private final KeyReader<K> keyType;
  private final Function<Object, Object> key;
  private final String description;

  GroupBuilder(
      FlowBuilder flow,
      String name,
      PlanNode input,
      Supplier<KeyReader<K>> keyType,
      Function<Object, Object> key) {
    this.flow = flow;
    this.name = name;
    this.input = input;
    this.key = key;
    this.description = "group '" + name + "'";
    this.keyType = readable(keyType);
    flow.begin(description);
  }

  @Override
  public Group.Windowed<T, K> tumbling(Tumbling windows) {
    return new Windowed(requireNonNull(windows, "windows"));
  }

  private KeyReader<K> readable(Supplier<KeyReader<K>> reader) {
    try {
      return reader.get();
    } catch (StarfireException e) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE, "%s: %s".formatted(description, e.getMessage()), e);
    }
  }

  private <R> Stream<R> finish(Tumbling windows, EventType<R> to, GroupForm form) {
    flow.finish(description);
    return flow.add(
        new GroupNode(name, input, keyType, key, windows, requireNonNull(to, "to"), form));
  }

  private final class Windowed implements Group.Windowed<T, K> {
    private final Tumbling windows;

    private Windowed(Tumbling windows) {
      this.windows = windows;
    }

    @Override
    public <A> Group.Aggregated<K, A> aggregate(
        EventType<A> accumulator,
        A initial,
        BiFunction<? super A, ? super T, ? extends A> add,
        BinaryOperator<A> merge) {
      requireNonNull(accumulator, "accumulator");
      requireNonNull(initial, "initial");
      requireNonNull(add, "add");
      requireNonNull(merge, "merge");
      return new Group.Aggregated<>() {
        @Override
        public <R> Stream<R> emit(
            EventType<R> to, Group.Finisher<? super K, ? super A, ? extends R> function) {
          return finish(
              windows,
              to,
              new GroupForm.Aggregate(
                  accumulator,
                  initial,
                  FlowBuilder.erase(add),
                  FlowBuilder.erase(merge),
                  FlowBuilder.erase(requireNonNull(function, "function"))));
        }
      };
    }

    @Override
    public <R> Stream<R> collect(
        EventType<R> to, Group.Finisher<? super K, ? super List<T>, ? extends R> function) {
      return finish(
          windows,
          to,
          new GroupForm.Collect(FlowBuilder.erase(requireNonNull(function, "function"))));
    }
  }
}
