package io.starfire.stream;

import io.starfire.event.Anomaly;
import io.starfire.event.Outcome;
import io.starfire.kernel.OutcomeCounter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How often each outcome was counted in one task of a stage since the application began. The task
 * stores them with its state after every record, so that they commit with the work; so they are two
 * values: the names of what is counted, which seldom changes, and the numbers, in that order. Used
 * by the task's thread.
 */
final class StageCounters {
  private final List<String> names = new ArrayList<>();
  private long[] numbers = new long[16];
  private boolean namesChanged;
  private boolean numbersChanged;

  /** A counter of an operator's events. */
  OutcomeCounter counter(String operator) {
    return new OperatorCounter(operator);
  }

  void restore(byte[] storedNames, byte[] storedNumbers) {
    if (storedNames == null || storedNumbers == null) {
      return;
    }
    names.addAll(new String(storedNames, StandardCharsets.UTF_8).lines().toList());
    ByteBuffer in = ByteBuffer.wrap(storedNumbers);
    numbers = new long[Math.max(16, names.size() * 2)];
    for (int i = 0; in.hasRemaining(); i++) {
      numbers[i] = in.getLong();
    }
  }

  /** The names, if they have changed since the last call, else null. */
  byte[] takeNames() {
    if (!namesChanged) {
      return null;
    }
    namesChanged = false;
    return names.stream()
        .collect(Collectors.joining("\n", "", "\n"))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The numbers, if they have changed since the last call, else null. */
  byte[] takeNumbers() {
    if (!numbersChanged) {
      return null;
    }
    numbersChanged = false;
    ByteBuffer out = ByteBuffer.allocate(names.size() * Long.BYTES);
    for (int i = 0; i < names.size(); i++) {
      out.putLong(numbers[i]);
    }
    return out.array();
  }

  /** By operator, then by the name of an outcome or anomaly. */
  Map<String, Map<String, Long>> byOperator() {
    Map<String, Map<String, Long>> counts = new TreeMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      int slash = name.indexOf('/');
      counts
          .computeIfAbsent(name.substring(0, slash), operator -> new TreeMap<>())
          .put(name.substring(slash + 1), numbers[i]);
    }
    return counts;
  }

  private int slot(String name) {
    int slot = names.indexOf(name);
    if (slot < 0) {
      slot = names.size();
      names.add(name);
      namesChanged = true;
      if (slot == numbers.length) {
        numbers = Arrays.copyOf(numbers, slot * 2);
      }
    }
    return slot;
  }

  /** Finds the slot of a name once. */
  private final class OperatorCounter implements OutcomeCounter {
    private final String operator;
    private final Map<Outcome, Integer> outcomeSlots = new EnumMap<>(Outcome.class);
    private final Map<Anomaly, Integer> anomalySlots = new EnumMap<>(Anomaly.class);

    private OperatorCounter(String operator) {
      this.operator = operator;
    }

    @Override
    public void count(Outcome outcome, long timeMillis) {
      increment(outcomeSlots, outcome);
    }

    @Override
    public void count(Anomaly anomaly, long timeMillis) {
      increment(anomalySlots, anomaly);
    }

    private <E extends Enum<E>> void increment(Map<E, Integer> slots, E what) {
      Integer slot = slots.get(what);
      if (slot == null) {
        slot = slot(operator + "/" + what.name());
        slots.put(what, slot);
      }
      numbers[slot]++;
      numbersChanged = true;
    }
  }
}
