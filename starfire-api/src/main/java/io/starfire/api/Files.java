package io.starfire.api;

import static java.util.Objects.requireNonNull;

import io.starfire.event.EventType;

/**
 * A sink: files of results for other programs. A batch run writes them, below {@code
 * starfire.files.root}: those of its interval take the place of what was there, all at once. The
 * stream writes none. It refuses a pipeline that has some, unless {@code
 * starfire.stream.leave-out-files} is true.
 *
 * <p>A row holds the event time of the result as {@code __time}, then the components of the event.
 * See {@code docs/results.md} for the formats.
 *
 * <p>Immutable and thread-safe.
 *
 * @param <T> type of the events
 */
public final class Files<T> {
  private final String name;
  private final EventType<T> type;
  private final Format format;

  /** How a result is written. */
  public enum Format {
    /** A JSON object a line. */
    JSON,
    PARQUET
  }

  private Files(String name, EventType<T> type, Format format) {
    this.name = SinkNames.check("files", name);
    this.type = requireNonNull(type, "type");
    this.format = format;
  }

  /**
   * Begins a set of files.
   *
   * @param name 1 to 128 letters, digits, {@code _} or {@code -}; the first is a letter or a digit.
   */
  public static <T extends Record> Builder<T> named(String name, Class<T> type) {
    return named(name, EventType.of(type));
  }

  /** The same for events of any type, such as rows of a schema. */
  public static <T> Builder<T> named(String name, EventType<T> type) {
    return new Builder<>(name, type);
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

  /** Files whose format is not said yet. Immutable. */
  public static final class Builder<T> {
    private final String name;
    private final EventType<T> type;

    private Builder(String name, EventType<T> type) {
      this.name = name;
      this.type = type;
    }

    /** Writes JSON lines: a JSON object and a line feed for each event. */
    public Files<T> json() {
      return new Files<>(name, type, Format.JSON);
    }

    /** Writes Parquet files. */
    public Files<T> parquet() {
      return new Files<>(name, type, Format.PARQUET);
    }
  }
}
