package io.starfire.jobs.ads;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One record as a producer would send it, with what the generator knows of it. The arrays must not
 * be changed.
 */
public final class GeneratedRecord {
  private final String source;
  private final byte[] key;
  private final byte[] value;
  private final Record event;
  private final Instant eventTime;
  private final long arrivalMillis;
  private final Set<Trait> traits;

  GeneratedRecord(Draft draft, byte[] key, byte[] value, boolean late) {
    this.source = draft.source();
    this.key = key;
    this.value = requireNonNull(value, "value");
    this.event = draft.event();
    this.eventTime = draft.eventTime();
    this.arrivalMillis = draft.arrivalMillis();
    Set<Trait> all = EnumSet.noneOf(Trait.class);
    all.addAll(draft.traits());
    if (late) {
      all.add(Trait.LATE);
    }
    this.traits = Set.copyOf(all);
  }

  /** {@link AdEvents#IMPRESSIONS} or {@link AdEvents#CLICKS}. */
  public String source() {
    return source;
  }

  /** UTF-8 of the impression id, or null if the record has none. */
  public byte[] key() {
    return key;
  }

  /** UTF-8 of a JSON object, or something that is none. */
  public byte[] value() {
    return value;
  }

  /** What the value says; empty if it cannot be decoded. */
  public Optional<Record> event() {
    return Optional.ofNullable(event);
  }

  /** The event time in milliseconds, if there is one and it is between 1970 and the present. */
  public OptionalLong eventTimeMillis() {
    return eventTime == null || traits.contains(Trait.BAD_TIME)
        ? OptionalLong.empty()
        : OptionalLong.of(eventTime.toEpochMilli());
  }

  /** When it arrives, on the clock of event time, in milliseconds since the epoch. */
  public long arrivalMillis() {
    return arrivalMillis;
  }

  /** What is odd about it; empty for most. */
  public Set<Trait> traits() {
    return traits;
  }

  /** What may be odd about a record. */
  public enum Trait {
    /** An exact copy of an earlier record. */
    DUPLICATE,
    /** Its event time is below the highest one that arrived before it, less the lateness. */
    LATE,
    /** Its value is not a JSON object. */
    UNDECODABLE,
    /** It has no impression id. */
    NULL_KEY,
    /** Its event time is missing, in 1969 or in 2090. */
    BAD_TIME
  }

  /** A record that has not arrived yet. */
  record Draft(
      String source,
      Record event,
      Instant eventTime,
      String impressionId,
      long arrivalMillis,
      Set<Trait> traits) {
    Draft copyArrivingAt(long millis) {
      Set<Trait> all = EnumSet.of(Trait.DUPLICATE);
      all.addAll(traits);
      return new Draft(source, event, eventTime, impressionId, millis, all);
    }
  }
}
