package io.starfire.stream.watermark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The watermark of one task that reads shuffles, from the {@link Mark}s of the tasks above it.
 *
 * <p><b>Nobody idle.</b> The watermark is the minimum over all upstream tasks of all input
 * shuffles, and unknown until each has been heard of: over each shuffle, since a mark speaks for
 * the results before it in the same topic only.
 *
 * <p><b>Some idle.</b> An idle raw partition does not hold the minimum back. But an event that is
 * appended to it later must not be late if it is on time, that is, not below the highest event time
 * appended before it anywhere, less the lateness. It can come at any time after the partition's
 * {@code idleAsOf}. So the watermarks of the others count only as far as they were known at the
 * smallest {@code idleAsOf}: what was known then was appended before the event. For this each
 * upstream's watermark is kept with the time at which it was known.
 *
 * <p><b>All idle.</b> A task sees only the raw partitions of the shuffles it reads. If all of those
 * are idle, the other raw partitions of the pipeline decide: their tasks send marks as well, called
 * advisory here, that are used for nothing else. If some of them are active, the watermark follows
 * their minimum, as known at the smallest {@code idleAsOf}. If none is, the whole pipeline stands
 * still, and the watermark advances from where it was by the time that passes; that time is
 * measured between {@code idleAsOf}s. It never jumps to the present, and it does not count the time
 * during which some upstream was not heard of as idle: a restart begins with everybody active.
 *
 * <p>Only tasks of raw partitions are ever idle. A stage below them has a watermark that these
 * rules move on, and what it holds back is below that, so it must be waited for.
 *
 * <p>The watermark never falls. Not thread-safe.
 */
public final class WatermarkCombiner {
  private final Map<String, String> stageByInput;
  private final Set<String> advisoryStages;
  private final Map<String, Group> groups = new TreeMap<>();
  private long watermark = Mark.UNKNOWN;
  private Standstill standstill = Standstill.NONE;

  /**
   * @param stageByInput for each input shuffle the stage that writes it
   * @param advisoryStages the stages of raw partitions that are not among these
   */
  public WatermarkCombiner(Map<String, String> stageByInput, Set<String> advisoryStages) {
    this.stageByInput = Map.copyOf(stageByInput);
    this.advisoryStages = Set.copyOf(advisoryStages);
    stageByInput.forEach((input, stage) -> groups.put(groupName(input, stage), new Group()));
    advisoryStages.forEach(stage -> groups.put(groupName("", stage), new Group()));
  }

  /**
   * Takes a mark that came over a shuffle.
   *
   * @return whether the watermark rose
   */
  public boolean accept(String input, Mark mark) {
    note(input, mark);
    long before = watermark;
    watermark = Math.max(watermark, candidate());
    return watermark > before;
  }

  /** In milliseconds; {@link Mark#UNKNOWN} until every upstream has been heard of. */
  public long watermark() {
    return watermark;
  }

  /** When the pipeline came to stand still, and where the watermark was. */
  public Standstill standstill() {
    return standstill;
  }

  /** The last mark of each upstream, by the shuffle that it came over. */
  public Map<String, List<Mark>> marks() {
    Map<String, List<Mark>> marks = new TreeMap<>();
    groups.forEach((name, group) -> marks.put(name, group.marks()));
    return marks;
  }

  /** Takes a mark from committed state, without drawing conclusions from it. */
  public void restore(String input, Mark mark) {
    note(input, mark);
  }

  /** Takes the watermark from committed state. */
  public void restore(long committedWatermark, Standstill committedStandstill) {
    watermark = committedWatermark;
    standstill = committedStandstill;
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

  private long candidate() {
    List<Upstream> direct = new ArrayList<>();
    for (Map.Entry<String, String> input : stageByInput.entrySet()) {
      Group group = groups.get(groupName(input.getKey(), input.getValue()));
      if (!group.isComplete()) {
        return Mark.UNKNOWN;
      }
      direct.addAll(group.upstreams.values());
    }
    long cut = idleAsOf(direct);
    if (anyActive(direct)) {
      standstill = Standstill.NONE;
      return minimumOfActive(direct, cut);
    }
    return allDirectIdle(direct, cut);
  }

  private long allDirectIdle(List<Upstream> direct, long directCut) {
    List<Upstream> all = new ArrayList<>(direct);
    List<Upstream> advisory = new ArrayList<>();
    for (String stage : advisoryStages) {
      Group group = groups.get(groupName("", stage));
      if (!group.isComplete()) {
        standstill = Standstill.NONE;
        return Mark.UNKNOWN;
      }
      advisory.addAll(group.upstreams.values());
    }
    if (anyActive(advisory)) {
      standstill = Standstill.NONE;
      return minimumOfActive(advisory, directCut);
    }
    all.addAll(advisory);
    return duringStandstill(all, idleAsOf(all));
  }

  private long duringStandstill(List<Upstream> all, long cut) {
    long known = watermark;
    for (Upstream upstream : all) {
      known = Math.max(known, upstream.history.asKnownAt(cut));
    }
    if (known == Mark.UNKNOWN) {
      return Mark.UNKNOWN;
    }
    if (!standstill.isSet() || known > standstill.at(cut)) {
      standstill = new Standstill(known, cut);
    }
    return standstill.at(cut);
  }

  private static long idleAsOf(Collection<Upstream> upstreams) {
    long cut = Long.MAX_VALUE;
    for (Upstream upstream : upstreams) {
      if (upstream.last.isIdle()) {
        cut = Math.min(cut, upstream.last.idleAsOfMillis());
      }
    }
    return cut;
  }

  private static boolean anyActive(Collection<Upstream> upstreams) {
    return upstreams.stream().anyMatch(upstream -> !upstream.last.isIdle());
  }

  private static long minimumOfActive(Collection<Upstream> upstreams, long cut) {
    long minimum = Long.MAX_VALUE;
    for (Upstream upstream : upstreams) {
      if (!upstream.last.isIdle()) {
        minimum = Math.min(minimum, upstream.history.asKnownAt(cut));
      }
    }
    return minimum;
  }

  /**
   * Since when the whole pipeline has been idle.
   *
   * @param watermark at the start of it
   * @param sinceMillis clock time of the start
   */
  public record Standstill(long watermark, long sinceMillis) {
    /** The pipeline is not idle. */
    public static final Standstill NONE = new Standstill(Mark.UNKNOWN, 0);

    boolean isSet() {
      return watermark != Mark.UNKNOWN;
    }

    long at(long millis) {
      return watermark + Math.max(0, millis - sinceMillis);
    }
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
      upstream.history.add(mark.knownAtMillis(), mark.watermark());
    }

    private boolean isComplete() {
      return upstreams.size() == tasks;
    }

    private List<Mark> marks() {
      return upstreams.values().stream().map(upstream -> upstream.last).toList();
    }
  }

  private static final class Upstream {
    private final WatermarkHistory history = new WatermarkHistory();
    private Mark last;
  }
}
