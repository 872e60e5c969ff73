package io.starfire.plan;

import static java.util.Objects.requireNonNull;

import io.starfire.api.Group;
import io.starfire.api.Stream;
import io.starfire.api.Tumbling;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.KeyReader;
import io.starfire.plan.PlanNode.GroupNode;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/** A group that is being described. Not thread-safe. */
final class GroupBuilder<T extends Record, K> implements Group<T, K> {
  private final FlowBuilder flow;
  private final String name;
  private final PlanNode input;
  private final Class<K> keyType;
  private final Function<Object, Object> key;
  private final String description;

  GroupBuilder(
      FlowBuilder flow,
      String name,
      PlanNode input,
      Class<K> keyType,
      Function<Object, Object> key) {
    this.flow = flow;
    this.name = name;
    this.input = input;
    this.keyType = requireNonNull(keyType, "keyType");
    this.key = key;
    this.description = "group '" + name + "'";
    requireReadable();
    flow.begin(description);
  }

  @Override
  public Group.Windowed<T, K> tumbling(Tumbling windows) {
    return new Windowed(requireNonNull(windows, "windows"));
  }

  private void requireReadable() {
    try {
      KeyReader.of(keyType);
    } catch (StarfireException e) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE, "%s: %s".formatted(description, e.getMessage()), e);
    }
  }

  private <R extends Record> Stream<R> finish(Tumbling windows, Class<R> to, GroupForm form) {
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
    public <A extends Record> Group.Aggregated<K, A> aggregate(
        Class<A> accumulator,
        A initial,
        BiFunction<? super A, ? super T, ? extends A> add,
        BinaryOperator<A> merge) {
      requireNonNull(accumulator, "accumulator");
      requireNonNull(initial, "initial");
      requireNonNull(add, "add");
      requireNonNull(merge, "merge");
      return new Group.Aggregated<>() {
        @Override
        public <R extends Record> Stream<R> emit(
            Class<R> to, Group.Finisher<? super K, ? super A, ? extends R> function) {
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
    public <R extends Record> Stream<R> collect(
        Class<R> to, Group.Finisher<? super K, ? super List<T>, ? extends R> function) {
      return finish(
          windows,
          to,
          new GroupForm.Collect(FlowBuilder.erase(requireNonNull(function, "function"))));
    }
  }
}
