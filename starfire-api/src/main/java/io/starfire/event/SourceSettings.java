package io.starfire.event;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.decoding.TimeFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of a source, from {@code starfire.sources.<name>}. Immutable. A value that is not
 * allowed is INVALID_INPUT.
 *
 * @param name of the source in the pipeline
 * @param topic Kafka topic; null if the source is read from files only
 * @param format of a Kafka record's value; not PARQUET
 * @param fields the field's name in the data by the component's name, where the two differ
 * @param timeColumn the component (or its field) that is written in {@code timeFormat}; null means
 *     every Instant
 * @param timeFormat how times are written
 * @param csvColumns names of the columns of CSV or TSV, in their order
 * @param csvDelimiter the character between fields
 * @param emptyAsNull whether an empty CSV field without quotes is null
 * @param batchPaths files that the batch driver reads; empty means that it reads the archive
 * @param batchFormat format of these files; null means that their names tell it
 */
public record SourceSettings(
    String name,
    String topic,
    Format format,
    Map<String, String> fields,
    String timeColumn,
    TimeFormat timeFormat,
    List<String> csvColumns,
    char csvDelimiter,
    boolean emptyAsNull,
    List<String> batchPaths,
    Format batchFormat) {

  /** How records are written. */
  public enum Format {
    JSON(false),
    CSV(true),
    TSV(true),
    /** Files only. */
    PARQUET(false);

    private final boolean delimited;

    Format(boolean delimited) {
      this.delimited = delimited;
    }

    /** Whether the place in the line tells the column: CSV and TSV. */
    public boolean isDelimited() {
      return delimited;
    }

    /** Whether files of this format are text with one record a line. */
    public boolean isText() {
      return this != PARQUET;
    }

    /** The format of files with an extension, given in lower case and without its dot. */
    public static Optional<Format> ofExtension(String extension) {
      return switch (extension) {
        case "json", "jsonl", "ndjson" -> Optional.of(JSON);
        case "csv" -> Optional.of(CSV);
        case "tsv" -> Optional.of(TSV);
        case "parquet" -> Optional.of(PARQUET);
        default -> Optional.empty();
      };
    }
  }

  public SourceSettings {
    requireNonNull(name, "name");
    requireNonNull(format, "format");
    requireNonNull(timeFormat, "timeFormat");
    fields = Map.copyOf(fields);
    csvColumns = List.copyOf(csvColumns);
    batchPaths = List.copyOf(batchPaths);
    if (format == Format.PARQUET) {
      throw invalid(name, "format must be json, csv or tsv; parquet is for batch.format");
    }
    if (topic != null && format.isDelimited() && csvColumns.isEmpty()) {
      throw invalid(name, "csv.columns must name the columns of the records in topic " + topic);
    }
  }

  /** JSON from a topic of the same name, for tests and demonstrations. */
  public static SourceSettings json(String name) {
    return new SourceSettings(
        name,
        name,
        Format.JSON,
        Map.of(),
        null,
        TimeFormat.AUTO,
        List.of(),
        ',',
        true,
        List.of(),
        null);
  }

  /**
   * Reads {@code starfire.sources.<name>}.
   *
   * @throws StarfireException with INVALID_INPUT if it is not configured or a value is not allowed
   */
  public static SourceSettings from(StarfireConfig config, String name) {
    if (!config.names("starfire.sources").contains(name)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "source '%s' is not configured; add starfire.sources.%s { topic = ... } (configured: %s)"
              .formatted(name, name, config.names("starfire.sources")));
    }
    Keys keys = new Keys(config, StarfireConfig.path("starfire", "sources", name));
    Format format = config.choice(keys.at("format"), Format.class);
    return new SourceSettings(
        name,
        keys.text("topic"),
        format,
        config.properties(keys.at("fields")),
        keys.text("time.column"),
        config.choice(keys.at("time.format"), TimeFormat.class),
        config.list(keys.at("csv.columns")),
        delimiter(name, keys.text("csv.delimiter"), format),
        config.bool(keys.at("csv.empty-as-null")),
        config.list(keys.at("batch.paths")),
        keys.text("batch.format") == null
            ? null
            : config.choice(keys.at("batch.format"), Format.class));
  }

  /** The topic; INVALID_INPUT if none is configured. */
  public String requireTopic() {
    if (topic == null) {
      throw invalid(name, "topic is not set; it must name a Kafka topic");
    }
    return topic;
  }

  SourceSettings withFormat(Format newFormat, char delimiter, List<String> columns) {
    return new SourceSettings(
        name,
        topic,
        newFormat,
        fields,
        timeColumn,
        timeFormat,
        columns,
        delimiter,
        emptyAsNull,
        batchPaths,
        batchFormat);
  }

  private record Keys(StarfireConfig config, String prefix) {
    String at(String key) {
      return prefix + "." + key;
    }

    String text(String key) {
      return config.has(at(key)) ? config.string(at(key)) : null;
    }
  }

  private static char delimiter(String name, String configured, Format format) {
    if (configured == null) {
      return format == Format.TSV ? '\t' : ',';
    }
    boolean one = configured.length() == 1 && configured.charAt(0) < 128;
    if (!one || "\"\r\n".contains(configured)) {
      throw invalid(
          name, "csv.delimiter must be one ASCII character and no quote, got '" + configured + "'");
    }
    return configured.charAt(0);
  }

  private static StarfireException invalid(String name, String problem) {
    return new StarfireException(
        ErrorCode.INVALID_INPUT, "starfire.sources.%s.%s".formatted(name, problem));
  }
}
