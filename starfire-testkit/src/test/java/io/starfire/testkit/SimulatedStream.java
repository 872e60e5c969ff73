package io.starfire.testkit;

import io.starfire.event.Anomaly;
import io.starfire.event.Outcome;
import io.starfire.kernel.Clip;
import io.starfire.kernel.HeapBudget;
import io.starfire.kernel.KeyPartitions;
import io.starfire.kernel.MemoryWindowBuffer;
import io.starfire.kernel.OutcomeCounter;
import io.starfire.kernel.StageFold;
import io.starfire.kernel.StageProgram;
import io.starfire.kernel.StageState;
import io.starfire.kernel.WindowBuffer;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import io.starfire.testkit.RandomEvents.Arrival;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The flow of events and watermarks of the stream driver without Kafka: the same stage programs in
 * several tasks, between them queues that are emptied in random turns, watermarks in band, and
 * tasks that lose their state now and then and make it again from their log, whose head is deleted
 * as far as it is not needed, or from a checkpoint and the rest of the log. For speed only; the
 * laws run on the real driver too.
 */
final class SimulatedStream {
  private final Plan plan;
  private final Grants grants;
  private final SplittableRandom random;
  private final Results results = new Results();
  private final Map<String, Long> sent = new HashMap<>();
  private final List<Task> tasks = new ArrayList<>();
  private final Map<String, List<Task>> tasksByStage = new HashMap<>();

  private SimulatedStream(Plan plan, Grants grants, SplittableRandom random) {
    this.plan = plan;
    this.grants = grants;
    this.random = random;
  }

  static SimulatedBatch.Run run(
      Plan plan, Grants grants, List<Arrival> arrivals, SplittableRandom random) {
    SimulatedStream stream = new SimulatedStream(plan, grants, random);
    stream.start(arrivals);
    stream.drain();
    return new SimulatedBatch.Run(stream.results, stream.sent);
  }

  private void start(List<Arrival> arrivals) {
    for (Stage stage : plan.stages()) {
      List<Task> own = new ArrayList<>();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        own.add(new Task(stage));
      }
      tasksByStage.put(stage.name(), own);
      tasks.addAll(own);
    }
    for (Arrival arrival : arrivals) {
      List<Task> readers = tasksByStage.get(arrival.source());
      readers.get(random.nextInt(readers.size())).raw.add(arrival);
    }
    for (Task task : tasks) {
      for (Shuffle output : task.stage.outputs()) {
        for (Task receiver : tasksByStage.get(output.toStage())) {
          Channel channel = new Channel();
          task.channels.computeIfAbsent(output.name(), name -> new ArrayList<>()).add(channel);
          receiver.inputs.add(channel);
        }
      }
    }
  }

  private void drain() {
    List<Task> busy = new ArrayList<>(tasks);
    // One of the tasks is slow: it gets its turn less often than the others.
    Task slow = tasks.get(random.nextInt(tasks.size()));
    while (!busy.isEmpty()) {
      Task task = busy.get(random.nextInt(busy.size()));
      if (task == slow && random.nextInt(5) != 0) {
        continue;
      }
      if (random.nextInt(60) == 0) {
        task.restart();
      }
      if (random.nextInt(60) == 0) {
        task.noteCheckpoint();
      }
      if (!task.step() && task.isDone()) {
        busy.remove(task);
      }
    }
  }

  /** An item of a queue: an event, or, with a null value, a watermark. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Item(int input, byte[] key, long timeMillis, byte[] value) {}

  /** The state of a task after it has folded its log below a position. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Checkpoint(
      int position, List<WindowBuffer.Entry> entries, List<byte[]> parts, byte[] saved) {}

  /** A queue from one task to another over one shuffle, with the last watermark read from it. */
  private static final class Channel {
    private final ArrayDeque<Item> items = new ArrayDeque<>();
    private long watermark = Long.MIN_VALUE;
  }

  private final class Task implements RecordedSinks {
    private final Stage stage;
    private final ArrayDeque<Arrival> raw = new ArrayDeque<>();
    private final List<Channel> inputs = new ArrayList<>();
    private final Map<String, List<Channel>> channels = new HashMap<>();
    private final List<Item> log = new ArrayList<>();
    private int head;
    private StageProgram program;
    private StageFold fold;
    private MemoryWindowBuffer buffer;
    private StageState state;
    private boolean isBuffered;
    private Checkpoint checkpoint;
    private long watermark = Long.MIN_VALUE;

    private Task(Stage stage) {
      this.stage = stage;
      restart();
    }

    /** What is kept over a restart is the log, from where it is needed. */
    private void restart() {
      if (stage.isSource()) {
        program =
            StageProgram.create(plan, stage, grants, RandomEvents.lookups(), Clip.NONE, null, this);
        return;
      }
      head = fold == null ? 0 : Math.max(head, (int) fold.low());
      int from = head;
      buffer = new MemoryWindowBuffer();
      boolean goesOn = checkpoint != null && checkpoint.position() >= head && random.nextBoolean();
      if (goesOn) {
        checkpoint.entries().forEach(entry -> buffer.put(entry.key(), entry.value()));
        from = checkpoint.position();
      }
      isBuffered = goesOn || random.nextBoolean();
      state = isBuffered ? buffered() : StageState.onHeap();
      fold = new StageFold(plan, stage, grants, RandomEvents.lookups(), Clip.NONE, state);
      if (goesOn) {
        fold.restore(checkpoint.saved());
        checkpoint.parts().forEach(state::restore);
      }
      for (int at = from; at < log.size(); at++) {
        take(at, log.get(at));
      }
      fold.connect(this);
    }

    /** From everything in the buffer to everything on the heap. */
    private StageState buffered() {
      return StageState.layered(buffer, new HeapBudget(random.nextInt(4) * 1_000L));
    }

    private void noteCheckpoint() {
      if (!stage.isSource() && isBuffered) {
        List<byte[]> parts = new ArrayList<>();
        state.save(parts::add);
        checkpoint =
            new Checkpoint(
                log.size(),
                buffer.scan(new byte[] {0}, new byte[] {127}, Integer.MAX_VALUE),
                parts,
                fold.save());
      }
    }

    private void take(int at, Item item) {
      if (item.value() == null) {
        fold.turn(at, item.timeMillis());
      } else {
        fold.event(item.input(), item.key(), item.timeMillis(), item.value());
      }
    }

    private void append(Item item) {
      log.add(item);
      take(log.size() - 1, item);
    }

    private boolean isDone() {
      return watermark == Long.MAX_VALUE;
    }

    /** Does one piece of work; false if there was none. */
    private boolean step() {
      if (stage.isSource()) {
        return readRaw();
      }
      List<Channel> waiting = inputs.stream().filter(input -> !input.items.isEmpty()).toList();
      if (waiting.isEmpty()) {
        return false;
      }
      Channel channel = waiting.get(random.nextInt(waiting.size()));
      Item item = channel.items.remove();
      if (item.value() == null) {
        channel.watermark = Math.max(channel.watermark, item.timeMillis());
        advance(inputs.stream().mapToLong(input -> input.watermark).min().orElseThrow());
      } else {
        append(item);
      }
      return true;
    }

    private boolean readRaw() {
      if (raw.isEmpty()) {
        advance(Long.MAX_VALUE);
        return false;
      }
      Arrival arrival = raw.remove();
      program.source(arrival.event(), arrival.timeMillis());
      if (random.nextInt(3) != 0) {
        advance(Math.max(watermark, arrival.timeMillis() - RandomEvents.LATENESS_MILLIS));
      }
      return true;
    }

    private void advance(long newWatermark) {
      if (newWatermark <= watermark) {
        return;
      }
      watermark = newWatermark;
      long heldBackMillis = 0;
      if (!stage.isSource()) {
        append(new Item(0, null, newWatermark, null));
        heldBackMillis = fold.holdBackMillis();
      }
      long below = newWatermark == Long.MAX_VALUE ? Long.MAX_VALUE : newWatermark - heldBackMillis;
      for (List<Channel> outputs : channels.values()) {
        outputs.forEach(channel -> channel.items.add(new Item(0, null, below, null)));
      }
    }

    @Override
    public void shuffle(Shuffle shuffle, byte[] key, long timeMillis, byte[] value) {
      List<Channel> outputs = channels.get(shuffle.name());
      sent.merge(shuffle.name(), 1L, Long::sum);
      outputs
          .get(KeyPartitions.partition(key, value, outputs.size()))
          .items
          .add(new Item(inputOf(shuffle), key, timeMillis, value));
    }

    private int inputOf(Shuffle shuffle) {
      return plan.stages().stream()
          .filter(receiver -> receiver.name().equals(shuffle.toStage()))
          .mapToInt(receiver -> receiver.inputs().indexOf(shuffle))
          .findFirst()
          .orElseThrow();
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
          results.outcome(operator, outcome, timeMillis);
        }

        @Override
        public void count(Anomaly anomaly, long timeMillis) {
          // Anomalies are no outcomes, and no law speaks of them.
        }
      };
    }
  }
}
