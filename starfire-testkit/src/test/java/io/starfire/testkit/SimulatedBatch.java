package io.starfire.testkit;

import io.starfire.common.Interval;
import io.starfire.event.Anomaly;
import io.starfire.event.Outcome;
import io.starfire.kernel.Clip;
import io.starfire.kernel.KeyPartitions;
import io.starfire.kernel.MemoryWindowBuffer;
import io.starfire.kernel.OutcomeCounter;
import io.starfire.kernel.PartialSums;
import io.starfire.kernel.StageProgram;
import io.starfire.kernel.StageState;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.Reach;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import io.starfire.testkit.RandomEvents.Arrival;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The order of work of the batch driver without Hadoop: the same stage programs, fed by a sort in
 * memory instead of a MapReduce shuffle. For speed only; the laws run on the real driver too.
 */
final class SimulatedBatch implements RecordedSinks {
  private final Plan plan;
  private final Grants grants;
  private final Reach reach;
  private final int reducers;
  private final Results results = new Results();
  private final Map<String, List<Shuffled>> carried = new HashMap<>();

  private SimulatedBatch(Plan plan, Grants grants, Interval interval, int reducers) {
    this.plan = plan;
    this.grants = grants;
    this.reach = Reach.of(plan, grants, interval);
    this.reducers = reducers;
  }

  static Run run(
      Plan plan, Grants grants, List<Arrival> arrivals, Interval interval, int reducers) {
    SimulatedBatch batch = new SimulatedBatch(plan, grants, interval, reducers);
    for (Stage stage : plan.stages()) {
      if (stage.isSource()) {
        batch.map(stage, arrivals);
      } else {
        batch.reduce(stage);
      }
    }
    Map<String, Long> sent = new HashMap<>();
    batch.carried.forEach((name, all) -> sent.put(name, (long) all.size()));
    return new Run(batch.results, sent);
  }

  /** What a run gave, and how many events each shuffle carried. */
  record Run(Results results, Map<String, Long> sent) {}

  private void map(Stage stage, List<Arrival> arrivals) {
    Interval needed = reach.of(stage.source());
    StageProgram program = program(stage);
    for (Arrival arrival : arrivals) {
      if (arrival.source().equals(stage.head().name()) && needed.contains(arrival.timeMillis())) {
        program.source(arrival.event(), arrival.timeMillis());
      }
    }
  }

  private void reduce(Stage stage) {
    List<Shuffled> all = new ArrayList<>();
    stage.inputs().forEach(input -> all.addAll(carried.getOrDefault(input.name(), List.of())));
    for (int reducer = 0; reducer < reducers; reducer++) {
      int own = reducer;
      List<Shuffled> sent =
          all.stream()
              .filter(one -> KeyPartitions.partition(one.key(), one.value(), reducers) == own)
              .toList();
      List<Shuffled> mine =
          (PartialSums.allowedIn(stage) ? combined(sent) : sent)
              .stream().sorted(Shuffled.ORDER).toList();
      StageProgram program = program(stage);
      byte[] key = null;
      for (Shuffled one : mine) {
        if (!Arrays.equals(key, one.key())) {
          program.advanceTo(Long.MAX_VALUE);
          program.reset();
          key = one.key();
        }
        program.advanceTo(one.timeMillis());
        StageProgram.Input input = program.input(one.shuffle());
        if (one.isSum()) {
          input.sum(one.key(), one.timeMillis(), one.value());
        } else {
          boolean unused = input.event(one.key(), one.timeMillis(), one.value());
        }
      }
      program.advanceTo(Long.MAX_VALUE);
    }
  }

  /**
   * One mapper adds up what it sends, one does so for each half and then for the sums of both, and
   * a third one does not.
   */
  private List<Shuffled> combined(List<Shuffled> sent) {
    List<Shuffled> combined = new ArrayList<>();
    for (int mapper = 0; mapper < 3; mapper++) {
      List<Shuffled> own = new ArrayList<>();
      for (int i = mapper; i < sent.size(); i += 3) {
        own.add(sent.get(i));
      }
      if (mapper == 1) {
        int half = own.size() / 2;
        List<Shuffled> sums = new ArrayList<>(combinedByKey(own.subList(0, half)));
        sums.addAll(combinedByKey(own.subList(half, own.size())));
        own = sums;
      }
      combined.addAll(mapper == 2 ? own : combinedByKey(own));
    }
    return combined;
  }

  private List<Shuffled> combinedByKey(List<Shuffled> sent) {
    List<Shuffled> sorted = sent.stream().sorted(Shuffled.ORDER).toList();
    List<Shuffled> combined = new ArrayList<>();
    PartialSums sums = null;
    Shuffled last = null;
    for (Shuffled one : sorted) {
      if (one.key() == null) {
        combined.add(one);
        continue;
      }
      if (sums == null) {
        sums = PartialSums.of(one.shuffle(), counter(PartialSums.counted(one.shuffle())));
      }
      if (!sums.isEmpty()
          && !(Arrays.equals(last.key(), one.key()) && sums.takes(one.timeMillis()))) {
        combined.add(last.sum(sums));
      }
      if (one.isSum()) {
        sums.sum(one.timeMillis(), one.value());
      } else {
        sums.event(one.timeMillis(), one.value());
      }
      last = one;
    }
    if (last != null) {
      combined.add(last.sum(sums));
    }
    return combined;
  }

  private StageProgram program(Stage stage) {
    return StageProgram.create(
        plan,
        stage,
        grants,
        RandomEvents.lookups(),
        Clip.to(reach),
        StageState.in(new MemoryWindowBuffer()),
        this);
  }

  @Override
  public void shuffle(Shuffle shuffle, byte[] key, long timeMillis, byte[] value) {
    carried
        .computeIfAbsent(shuffle.name(), name -> new ArrayList<>())
        .add(new Shuffled(shuffle, key, timeMillis, value, false));
  }

  @Override
  public Results results() {
    return results;
  }

  @Override
  public OutcomeCounter counter(String operator) {
    return new OutcomeCounter() {
      @Override
      public void count(Outcome outcome, long timeMillis) {
        boolean inside = reach.output().contains(timeMillis);
        results.outcome(operator, inside ? outcome : Outcome.MARGIN, timeMillis);
      }

      @Override
      public void count(Anomaly anomaly, long timeMillis) {
        // Anomalies are no outcomes, and no law speaks of them.
      }
    };
  }

  /** An event on its way. Never compared for equality. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Shuffled(
      Shuffle shuffle, byte[] key, long timeMillis, byte[] value, boolean isSum) {
    private Shuffled sum(PartialSums sums) {
      return new Shuffled(shuffle, key, sums.windowMillis(), sums.take(), true);
    }

    private static final Comparator<Shuffled> ORDER =
        Comparator.<Shuffled, byte[]>comparing(
                Shuffled::key, Comparator.nullsFirst(Arrays::compareUnsigned))
            .thenComparingLong(Shuffled::timeMillis)
            .thenComparing(one -> one.shuffle().portIndex())
            .thenComparing(Shuffled::value, Arrays::compareUnsigned);
  }
}
