package io.starfire.kernel;

import io.starfire.api.Group;
import io.starfire.common.Interval;
import io.starfire.event.KeyReader;
import io.starfire.event.RecordCodec;
import io.starfire.plan.AuthorCalls;
import io.starfire.plan.GroupForm;
import io.starfire.plan.PlanNode.GroupNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Calls the author's functions with what the kernel of a group has kept. */
final class GroupResults {
  private final GroupNode group;
  private final Step next;
  private final BooleanSupplier wanted;
  private final KeyReader<?> keys;
  private final RecordCodec<Object> events;

  GroupResults(GroupNode group, Step next, BooleanSupplier wanted) {
    this.group = group;
    this.next = next;
    this.wanted = wanted;
    this.keys = group.keyType();
    this.events = StageSteps.codecOf(group.input());
  }

  private void emit(
      Group.Finisher<Object, Object, Object> function, byte[] key, Interval window, Object value) {
    long timeMillis = window.startMillis();
    Object result;
    try {
      result = function.apply(keys.read(key), window, value);
    } catch (RuntimeException | Error e) {
      throw AuthorCalls.failed(group.name(), timeMillis, e);
    }
    next.accept(AuthorCalls.notNull(group, timeMillis, result), timeMillis);
  }

  /** For a group that adds its events up. */
  final class Added implements AggregateKernel.Sums {
    private final GroupForm.Aggregate form;
    private final Adding adding;

    Added(GroupForm.Aggregate form) {
      this.form = form;
      this.adding = new Adding(group, form);
    }

    @Override
    public byte[] add(byte @Nullable [] sum, long timeMillis, byte[] value) {
      Object before = sum == null ? adding.none() : adding.decode(sum);
      return adding.encode(adding.add(before, timeMillis, value), timeMillis);
    }

    @Override
    public byte[] merge(byte[] one, byte[] other, long timeMillis) {
      Object merged = adding.merge(adding.decode(one), adding.decode(other), timeMillis);
      return adding.encode(merged, timeMillis);
    }

    @Override
    public void emit(byte[] key, Interval window, byte[] sum) {
      if (wanted.getAsBoolean()) {
        GroupResults.this.emit(form.emit(), key, window, adding.decode(sum));
      }
    }
  }

  /** For a group that keeps its events. */
  final class Collected implements CollectKernel.Output {
    private final GroupForm.Collect form;

    Collected(GroupForm.Collect form) {
      this.form = form;
    }

    @Override
    public void emit(byte[] key, Interval window, List<byte[]> values) {
      if (!wanted.getAsBoolean()) {
        return;
      }
      List<Object> decoded = new ArrayList<>(values.size());
      for (byte[] value : values) {
        decoded.add(events.decode(value));
      }
      GroupResults.this.emit(form.emit(), key, window, Collections.unmodifiableList(decoded));
    }
  }
}
