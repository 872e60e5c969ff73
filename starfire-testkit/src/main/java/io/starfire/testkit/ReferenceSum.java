package io.starfire.testkit;

import io.starfire.event.RecordCodec;
import io.starfire.plan.AuthorCalls;
import io.starfire.plan.GroupForm;
import io.starfire.plan.PlanNode.GroupNode;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Adds the events of one key and window up, with the functions of the pipeline's author.
 *
 * @param timeMillis the start of the window
 */
record ReferenceSum(GroupNode group, GroupForm.Aggregate form, long timeMillis) {
  /** The sum, which must be the same when it is made again. */
  Object of(List<Object> values) {
    Object sum = ofTwoParts(values);
    byte[] again = codec().encode(ofTwoParts(values));
    Repeated.require(group.name(), timeMillis, Arrays.equals(codec().encode(sum), again));
    return sum;
  }

  /** A merge that does not fit to add gives another result. */
  private Object ofTwoParts(List<Object> values) {
    int half = values.size() / 2;
    Object second = addUp(values.subList(half, values.size()));
    Object first = addUp(values.subList(0, half));
    return called(() -> form.merge().apply(second, first));
  }

  private Object addUp(List<Object> values) {
    Object sum = form.initial();
    for (Object value : values) {
      Object before = sum;
      sum = called(() -> form.add().apply(before, value));
    }
    return sum;
  }

  /** A sum travels as bytes, as events do. */
  private Object called(Supplier<Object> function) {
    Object sum =
        AuthorCalls.notNull(
            group.name(),
            timeMillis,
            Repeated.once(group.name(), timeMillis, function),
            form.accumulator().name());
    return Repeated.once(group.name(), timeMillis, () -> codec().normalise(sum));
  }

  @SuppressWarnings("unchecked") // all sums are of the accumulator's type
  private RecordCodec<Object> codec() {
    return (RecordCodec<Object>) form.accumulator().codec();
  }
}
