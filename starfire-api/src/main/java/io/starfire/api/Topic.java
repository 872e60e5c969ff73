package io.starfire.api;

import static java.util.Objects.requireNonNull;

import io.starfire.event.EventType;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A sink: a Kafka topic of results for other programs. The stream driver writes it, in the
 * transaction that commits the work: a consumer that reads committed records sees each result once.
 * A batch run does not write it, because what is in a topic cannot be replaced.
 *
 * <p>A record's value holds the event time of the result as {@code __time}, then the components of
 * the event. The record's Kafka timestamp is the time of writing. See {@code docs/results.md} for
 * the formats.
 *
 * <p>Immutable and thread-safe, if the function of the key is.
 *
 * @param <T> type of the events
 */
public final class Topic<T> {
  private final String name;
  private final EventType<T> type;
  private final @Nullable Function<? super T, ? extends @Nullable String> key;
  private final Format format;

  /** How a result is written. */
  public enum Format {
    /** A JSON object. */
    JSON,
    /** Avro's single-object encoding, which begins with the fingerprint of the schema. */
    AVRO
  }

  private Topic(
      String name,
      EventType<T> type,
      @Nullable Function<? super T, ? extends @Nullable String> key,
      Format format) {
    this.name = SinkNames.check("topic", name);
    this.type = requireNonNull(type, "type");
    this.key = key;
    this.format = format;
  }

  /**
   * Begins a topic.
   *
   * @param name 1 to 128 letters, digits, {@code _} or {@code -}; the first is a letter or a digit.
   *     The topic at Kafka has this name too, unless {@code starfire.topics.<name>.topic} names
   *     another
   */
  public static <T extends Record> Builder<T> named(String name, Class<T> type) {
    return named(name, EventType.of(type));
  }

  /** The same for events of any type, such as rows of a schema. */
  public static <T> Builder<T> named(String name, EventType<T> type) {
    return new Builder<>(name, type, null);
  }

  public String name() {
    return name;
  }

  public EventType<T> type() {
    return type;
  }

  public Format format() {
    return format;
  }

  public boolean hasKey() {
    return key != null;
  }

  /** The Kafka key of an event; null if there is none. */
  public @Nullable String keyOf(T event) {
    return key == null ? null : key.apply(event);
  }

  /** A topic whose format is not said yet. Immutable. */
  public static final class Builder<T> {
    private final String name;
    private final EventType<T> type;
    private final @Nullable Function<? super T, ? extends @Nullable String> key;

    private Builder(
        String name,
        EventType<T> type,
        @Nullable Function<? super T, ? extends @Nullable String> key) {
      this.name = name;
      this.type = type;
      this.key = key;
    }

    /**
     * Gives each record a Kafka key, in UTF-8. Records with the same key are in the same partition,
     * the one that Kafka's own producers would choose. A null gives a record without key, which may
     * be in any partition, as do topics without this.
     */
    public Builder<T> key(Function<? super T, ? extends @Nullable String> key) {
      return new Builder<>(name, type, requireNonNull(key, "key"));
    }

    /** Writes a JSON object for each event. */
    public Topic<T> json() {
      return new Topic<>(name, type, key, Format.JSON);
    }

    /** Writes Avro's single-object encoding of each event. */
    public Topic<T> avro() {
      return new Topic<>(name, type, key, Format.AVRO);
    }
  }
}
