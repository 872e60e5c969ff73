package io.starfire.stream.watermark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Computes the watermark of a task that reads shuffles, from the {@link Mark}s of the tasks
 * upstream. The watermark never falls. Not thread-safe.
 *
 * <p><b>No partition is idle.</b> The watermark is the minimum over all upstream tasks of all input
 * shuffles. It is unknown until each task has sent a mark over each shuffle: a mark covers only the
 * results before it in the same topic.
 *
 * <p><b>Some raw partitions are idle.</b> They do not hold the minimum back. But an on-time event
 * that is appended to one of them later must not be late. Such an event comes after the partition's
 * {@code idleAsOf}. It is at or above the watermarks that the other partitions had at that time. So
 * the watermarks of the others count only as far as they were known at the smallest {@code
 * idleAsOf}. That is why each watermark is kept with the time at which it became known.
 *
 * <p><b>All raw partitions that the task sees are idle.</b> A task sees only the raw partitions of
 * the shuffles that it reads. Then the other raw partitions of the pipeline decide. Their tasks
 * send marks too, which are used only here and are called advisory. If some of those partitions are
 * active, the watermark follows their minimum, as known at the smallest {@code idleAsOf}.
 *
 * <p><b>Silence: all raw partitions of the pipeline are idle.</b> The watermark goes to the highest
 * known one. When the silence has lasted longer than a grace, the watermark moves on from there, by
 * the time beyond the grace. A silence begins when the last record was read. Every mark of an idle
 * partition says when that was. So a silence goes on over a restart. It also goes on if a partition
 * is active only for a moment, because its task moved. The watermark without silences is kept too:
 * an event between the two watermarks is late because of a silence.
 *
 * <p>Only tasks that read raw partitions can be idle. A stage below them moves on by these rules,
 * so the others wait for it.
 */
public final class WatermarkCombiner {
  private final Map<String, String> stageByInput;
  private final Set<String> advisoryStages;
  private final long graceMillis;
  private final Map<String, Group> groups = new TreeMap<>();
  private State state = State.NEW;

  /**
   * @param stageByInput for each input shuffle the stage that writes it
   * @param advisoryStages the stages of raw partitions that are not among these
   * @param silenceGrace how long all partitions may be idle before a silence moves the watermark
   */
  public WatermarkCombiner(
      Map<String, String> stageByInput, Set<String> advisoryStages, Duration silenceGrace) {
    this.stageByInput = Map.copyOf(stageByInput);
    this.advisoryStages = Set.copyOf(advisoryStages);
    this.graceMillis = silenceGrace.toMillis();
    stageByInput.forEach((input, stage) -> groups.put(groupName(input, stage), new Group()));
    advisoryStages.forEach(stage -> groups.put(groupName("", stage), new Group()));
  }

  /**
   * The result of all marks so far, which is stored with them.
   *
   * @param watermark in milliseconds; {@link Mark#UNKNOWN} until every upstream has been heard of
   * @param withoutSilence what the watermark would be if no silence had moved it
   * @param silence the last silence
   */
  public record State(long watermark, long withoutSilence, Silence silence) {
    static final State NEW = new State(Mark.UNKNOWN, Mark.UNKNOWN, Silence.NONE);

    private State raised(long candidate, long candidateWithoutSilence) {
      long raised = Math.max(watermark, candidate);
      // The two histories forget at different times, so that one may answer higher than the other.
      return new State(
          raised, Math.min(raised, Math.max(withoutSilence, candidateWithoutSilence)), silence);
    }
  }

  /**
   * Takes a mark that came over a shuffle.
   *
   * @return whether the watermark rose
   */
  public boolean accept(String input, Mark mark) {
    note(input, mark);
    long before = state.watermark();
    conclude();
    return state.watermark() > before;
  }

  /** In milliseconds; {@link Mark#UNKNOWN} until every upstream has been heard of. */
  public long watermark() {
    return state.watermark();
  }

  /**
   * Whether an event of this time is late, and would not be if no silence had moved the watermark.
   */
  public boolean isLateBySilence(long timeMillis) {
    return timeMillis < state.watermark() && timeMillis >= state.withoutSilence();
  }

  public State state() {
    return state;
  }

  /** Takes a mark from committed state, without drawing conclusions from it. */
  public void restore(String input, Mark mark) {
    note(input, mark);
  }

  /** Takes what was concluded from committed state. */
  public void restore(State committed) {
    state = committed;
  }

  private void note(String input, Mark mark) {
    boolean direct = mark.stage().equals(stageByInput.get(input));
    if (!direct && !advisoryStages.contains(mark.stage())) {
      throw new IllegalArgumentException(
          "stage '%s' does not write '%s', which is written by '%s'"
              .formatted(mark.stage(), input, stageByInput.get(input)));
    }
    groups.get(groupName(direct ? input : "", mark.stage())).note(mark);
  }

  private static String groupName(String input, String stage) {
    return input + "/" + stage;
  }

  private void conclude() {
    List<Upstream> direct = new ArrayList<>();
    for (Map.Entry<String, String> input : stageByInput.entrySet()) {
      Group group = groups.get(groupName(input.getKey(), input.getValue()));
      if (!group.isComplete()) {
        return;
      }
      direct.addAll(group.upstreams.values());
    }
    long cut = idleAsOf(direct);
    if (anyActive(direct)) {
      followActive(direct, cut);
    } else {
      allDirectIdle(direct, cut);
    }
  }

  private void allDirectIdle(List<Upstream> direct, long directCut) {
    List<Upstream> advisory = new ArrayList<>();
    for (String stage : advisoryStages) {
      Group group = groups.get(groupName("", stage));
      if (!group.isComplete()) {
        return;
      }
      advisory.addAll(group.upstreams.values());
    }
    if (anyActive(advisory)) {
      followActive(advisory, directCut);
      return;
    }
    List<Upstream> all = new ArrayList<>(direct);
    all.addAll(advisory);
    duringSilence(all, idleAsOf(all));
  }

  private void followActive(List<Upstream> upstreams, long cut) {
    long watermark = Long.MAX_VALUE;
    long withoutSilence = Long.MAX_VALUE;
    for (Upstream upstream : upstreams) {
      if (!upstream.last.isIdle()) {
        watermark = Math.min(watermark, upstream.watermarks.asKnownAt(cut));
        withoutSilence = Math.min(withoutSilence, upstream.withoutSilence.asKnownAt(cut));
      }
    }
    state = state.raised(watermark, withoutSilence);
  }

  private void duringSilence(List<Upstream> all, long cut) {
    long known = Mark.UNKNOWN;
    long since = Long.MIN_VALUE;
    for (Upstream upstream : all) {
      known = Math.max(known, upstream.watermarks.asKnownAt(cut));
      since = Math.max(since, upstream.last.idleness().quietSinceMillis());
    }
    // An idle partition's own watermark is one of events alone.
    state = state.raised(known, known);
    if (state.watermark() == Mark.UNKNOWN) {
      return;
    }
    Silence silence = state.silence();
    if (!silence.isSet()
        || since > silence.sinceMillis()
        || known > silence.watermarkAt(cut, graceMillis)) {
      silence = new Silence(state.watermark(), since);
    }
    state =
        new State(
            Math.max(state.watermark(), silence.watermarkAt(cut, graceMillis)),
            state.withoutSilence(),
            silence);
  }

  private static long idleAsOf(Collection<Upstream> upstreams) {
    long cut = Long.MAX_VALUE;
    for (Upstream upstream : upstreams) {
      if (upstream.last.isIdle()) {
        cut = Math.min(cut, upstream.last.idleness().asOfMillis());
      }
    }
    return cut;
  }

  private static boolean anyActive(Collection<Upstream> upstreams) {
    return upstreams.stream().anyMatch(upstream -> !upstream.last.isIdle());
  }

  /** The tasks of one stage, as heard over one shuffle. */
  private static final class Group {
    private final Map<Integer, Upstream> upstreams = new HashMap<>();
    private int tasks = -1;

    private void note(Mark mark) {
      tasks = mark.tasks();
      upstreams.keySet().removeIf(partition -> partition >= tasks);
      Upstream upstream = upstreams.computeIfAbsent(mark.partition(), number -> new Upstream());
      upstream.last = mark;
      upstream.watermarks.add(mark.knownAtMillis(), mark.watermark());
      upstream.withoutSilence.add(mark.knownAtMillis(), mark.withoutSilence());
    }

    private boolean isComplete() {
      return upstreams.size() == tasks;
    }
  }

  private static final class Upstream {
    private final WatermarkHistory watermarks = new WatermarkHistory();
    private final WatermarkHistory withoutSilence = new WatermarkHistory();
    private Mark last;
  }
}
