package io.starfire.kernel;

import io.starfire.event.RecordCodec;
import io.starfire.plan.AuthorCalls;
import io.starfire.plan.GroupForm;
import io.starfire.plan.PlanNode.GroupNode;
import java.util.function.Supplier;

/** Calls the author's functions that add the events of a group up. Not thread-safe. */
final class Adding {
  private final GroupNode group;
  private final GroupForm.Aggregate form;
  private final RecordCodec<Object> events;
  private final RecordCodec<Object> sums;

  Adding(GroupNode group, GroupForm.Aggregate form) {
    this.group = group;
    this.form = form;
    this.events = StageSteps.codecOf(group.input());
    this.sums = StageSteps.codecOf(form.accumulator());
  }

  Object none() {
    return form.initial();
  }

  Object add(Object sum, long timeMillis, byte[] value) {
    Object event = events.decode(value);
    return called(timeMillis, () -> form.add().apply(sum, event));
  }

  Object merge(Object one, Object other, long timeMillis) {
    return called(timeMillis, () -> form.merge().apply(one, other));
  }

  private Object called(long timeMillis, Supplier<Object> function) {
    Object result;
    try {
      result = function.get();
    } catch (RuntimeException | Error e) {
      throw AuthorCalls.failed(group.name(), timeMillis, e);
    }
    return AuthorCalls.notNull(group.name(), timeMillis, result, form.accumulator().name());
  }

  /** What is read back of a sum that a function has made. */
  Object normalise(Object sum, long timeMillis) {
    return sums.decode(encode(sum, timeMillis));
  }

  byte[] encode(Object sum, long timeMillis) {
    try {
      return sums.encode(sum);
    } catch (RuntimeException | Error e) {
      throw AuthorCalls.failed(group.name(), timeMillis, e);
    }
  }

  Object decode(byte[] sum) {
    return sums.decode(sum);
  }
}
