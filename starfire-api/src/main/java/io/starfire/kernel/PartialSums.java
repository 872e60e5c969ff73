package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Interval;
import io.starfire.event.Outcome;
import io.starfire.plan.GroupForm;
import io.starfire.plan.PlanNode.GroupNode;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Adds events of one key and window up before they reach the group that needs them: a batch run
 * then sends one sum instead of all of them. An event is counted as EMITTED by its group where it
 * is added; the group does not count a sum again. It takes events and sums of one key at a time, in
 * the order of their windows. Not thread-safe.
 */
public final class PartialSums {
  private final GroupNode group;
  private final Adding adding;
  private final OutcomeCounter counter;
  private Interval window = new Interval(0, 0);
  private @Nullable Object sum;

  private PartialSums(GroupNode group, GroupForm.Aggregate form, OutcomeCounter counter) {
    this.group = group;
    this.adding = new Adding(group, form);
    this.counter = requireNonNull(counter, "counter");
  }

  /** Whether events that reach a stage may be added up on the way. */
  public static boolean allowedIn(Stage stage) {
    // With a second operator before it, the group does not get what the shuffle carries.
    return stage.keyed().size() == 1
        && stage.keyed().get(0) instanceof GroupNode group
        && group.form() instanceof GroupForm.Aggregate;
  }

  /** The name of the operator under which the events of a shuffle are counted. */
  public static String counted(Shuffle shuffle) {
    return shuffle.port().operator();
  }

  /**
   * For the events of a shuffle.
   *
   * @param shuffle into a stage that allows it
   * @param counter of the operator that {@link #counted} names
   */
  public static PartialSums of(Shuffle shuffle, OutcomeCounter counter) {
    GroupNode group = (GroupNode) shuffle.to();
    return new PartialSums(group, (GroupForm.Aggregate) group.form(), counter);
  }

  /** Whether there is a sum, and this time is in its window. */
  public boolean takes(long timeMillis) {
    return sum != null && window.contains(timeMillis);
  }

  /** The start of the window that is being added up. */
  public long windowMillis() {
    return window.startMillis();
  }

  /** Adds an event. If there is a sum, it is of the event's window. */
  public void event(long timeMillis, byte[] value) {
    Object before = sum == null ? begin(timeMillis) : sum;
    sum = adding.normalise(adding.add(before, timeMillis, value), timeMillis);
    counter.count(Outcome.EMITTED, timeMillis);
  }

  /** Adds the sum of other events. If there is a sum, it is of the same window. */
  public void sum(long windowMillis, byte[] other) {
    Object added = adding.decode(other);
    if (sum == null) {
      Object unused = begin(windowMillis);
      sum = added;
    } else {
      sum = adding.normalise(adding.merge(sum, added, windowMillis), windowMillis);
    }
  }

  private Object begin(long timeMillis) {
    if (!window.contains(timeMillis)) {
      window = group.windows().windowOf(timeMillis);
    }
    return adding.none();
  }

  /** The sum, as bytes; the next event begins another one. */
  public byte[] take() {
    byte[] taken = adding.encode(requireNonNull(sum, "something was added"), window.startMillis());
    sum = null;
    return taken;
  }

  /** Whether nothing was added since the last sum was taken. */
  public boolean isEmpty() {
    return sum == null;
  }
}
