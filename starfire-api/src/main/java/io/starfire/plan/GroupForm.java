package io.starfire.plan;

import static java.util.Objects.requireNonNull;

import io.starfire.api.Group;
import io.starfire.event.EventType;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;

/** What a tumbling group keeps of its events. The author's functions are untyped here. */
public sealed interface GroupForm {
  /** Makes the result of a key and window from what was kept. */
  Group.Finisher<Object, Object, Object> emit();

  /**
   * Only a sum.
   *
   * @param accumulator type of the sum
   * @param initial the sum of no events
   * @param add the sum with one more event
   * @param merge one sum of two
   */
  record Aggregate(
      EventType<?> accumulator,
      Object initial,
      BiFunction<Object, Object, Object> add,
      BinaryOperator<Object> merge,
      Group.Finisher<Object, Object, Object> emit)
      implements GroupForm {
    public Aggregate {
      requireNonNull(accumulator, "accumulator");
      requireNonNull(initial, "initial");
      requireNonNull(add, "add");
      requireNonNull(merge, "merge");
      requireNonNull(emit, "emit");
    }
  }

  /** All of them. */
  record Collect(Group.Finisher<Object, Object, Object> emit) implements GroupForm {
    public Collect {
      requireNonNull(emit, "emit");
    }
  }
}
