package io.starfire.event;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.SourceSettings.Format;
import io.starfire.event.internal.CsvScanner;
import io.starfire.event.internal.DataReaders;
import io.starfire.event.internal.DecodingFailure;
import io.starfire.event.internal.JsonRecords;
import io.starfire.event.internal.RecordReader;
import io.starfire.event.internal.RecordShape;
import io.starfire.event.internal.Shapes;
import io.starfire.event.internal.Utf8Text;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the events of a source from the bytes of records, as its {@link SourceSettings} say. Both
 * drivers use the same object for the same source.
 *
 * <p>JSON: one object; fields that the record does not have are ignored, fields that are missing or
 * null are null (an empty Optional), and an error for a primitive component; of two fields of one
 * name the last counts. Text is read as a number, a boolean or a time where a component is one; a
 * number is never rounded to fit. CSV and TSV: one record, with as many fields as there are
 * columns.
 *
 * <p>Immutable and thread-safe.
 */
public final class EventDecoder<T> {
  private final SourceSettings settings;
  private final Class<T> type;
  private final RecordReader reader;

  /** For each CSV column the index of its component, or -1. */
  private final int[] columns;

  private EventDecoder(SourceSettings settings, Class<T> type) {
    this.settings = requireNonNull(settings, "settings");
    this.type = requireNonNull(type, "type");
    RecordShape shape = Shapes.of(type);
    checkNames(shape);
    this.reader =
        DataReaders.record(
            shape,
            settings.fields(),
            component -> {
              String field = settings.fields().getOrDefault(component, component);
              boolean named =
                  settings.timeColumn() == null
                      || settings.timeColumn().equals(component)
                      || settings.timeColumn().equals(field);
              return named ? settings.timeFormat() : SourceSettings.TimeFormat.AUTO;
            });
    this.columns = settings.csvColumns().stream().mapToInt(reader::indexOf).toArray();
    if (settings.format().isDelimited() && columns.length > 0) {
      checkColumns();
    }
  }

  /**
   * A decoder.
   *
   * @throws StarfireException with INVALID_PIPELINE if {@code type} cannot be an event, with
   *     INVALID_INPUT if the settings name components that it does not have, or lack columns that
   *     it needs
   */
  public static <T> EventDecoder<T> of(SourceSettings settings, Class<T> type) {
    return new EventDecoder<>(settings, type);
  }

  public SourceSettings settings() {
    return settings;
  }

  /**
   * A decoder of the same source for the lines or rows of a file, which may be written in another
   * format than the records of the topic.
   *
   * @param format of the file; rows of Parquet are for {@link #fromFields}
   * @param csvHeader the first line of a CSV or TSV file, which names its columns; else ignored
   * @throws StarfireException with INVALID_INPUT if the header lacks a column that the record needs
   */
  public EventDecoder<T> forFile(Format format, byte[] csvHeader) {
    return switch (format) {
      case PARQUET -> this;
      case JSON -> new EventDecoder<>(settings.withFormat(Format.JSON, ',', List.of()), type);
      case CSV, TSV -> {
        // A configured delimiter is that of the configured format.
        char usual = format == Format.TSV ? '\t' : ',';
        char delimiter = format == settings.format() ? settings.csvDelimiter() : usual;
        CsvScanner header = new CsvScanner(Utf8Text.decode(csvHeader), delimiter);
        if (!header.next()) {
          throw new StarfireException(
              ErrorCode.INVALID_INPUT,
              "source '%s': the file has no header".formatted(settings.name()));
        }
        List<String> columnNames = header.fields().stream().map(String::trim).toList();
        yield new EventDecoder<>(settings.withFormat(format, delimiter, columnNames), type);
      }
    };
  }

  /**
   * Checks that a file has the columns that the record is made of: one for each of its components
   * but the Optional ones. A column that is not there is not the same as one that is null here and
   * there: the file is likely to be another one than was meant.
   *
   * @param file for the message
   * @param present the names of its columns
   * @throws StarfireException with INVALID_INPUT and the columns that are missing and present
   */
  public void requireColumns(String file, Collection<String> present) {
    List<String> missing =
        reader.expected().stream().filter(name -> !present.contains(name)).toList();
    if (!missing.isEmpty()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "source '%s': file %s lacks the columns %s, which %s needs; it has %s; name another file, or say how columns are named in starfire.sources.%s.fields"
              .formatted(
                  settings.name(),
                  file,
                  missing,
                  type.getSimpleName(),
                  List.copyOf(present),
                  settings.name()));
    }
  }

  /**
   * Reads one event.
   *
   * @param value of the Kafka record, or a line of a file; null is refused
   * @throws StarfireException with INVALID_INPUT and the reason if it cannot be read: the record is
   *     UNDECODABLE
   */
  public T decode(byte[] value) {
    try {
      if (value == null) {
        throw new DecodingFailure("there is no value");
      }
      return type.cast(
          switch (settings.format()) {
            case JSON -> JsonRecords.read(value, reader);
            case CSV, TSV -> fromCsv(value);
            case PARQUET -> throw new DecodingFailure("a row of Parquet is no text");
          });
    } catch (DecodingFailure e) {
      throw undecodable(e);
    }
  }

  /**
   * Makes an event of named fields, as of a Parquet row or a CSV line with a header.
   *
   * @param fields values by names in the data: null, String, Boolean, Number, Instant, or List and
   *     Map of these
   * @throws StarfireException with INVALID_INPUT and the reason if the fields do not fit
   */
  public T fromFields(Map<String, ?> fields) {
    try {
      return type.cast(reader.convert(fields));
    } catch (DecodingFailure e) {
      throw undecodable(e);
    }
  }

  /**
   * Takes a record of CSV or TSV apart without reading it as an event.
   *
   * @return text by the names of all columns; null where an empty field stands for it
   * @throws StarfireException with INVALID_INPUT if it is not one record of the columns
   */
  public Map<String, Object> delimitedFields(byte[] value) {
    try {
      CsvScanner scanner = onlyRecord(value, settings.csvColumns().size());
      Map<String, Object> fields = new LinkedHashMap<>();
      for (int i = 0; i < settings.csvColumns().size(); i++) {
        fields.put(settings.csvColumns().get(i), textOrNull(scanner, i));
      }
      return fields;
    } catch (DecodingFailure e) {
      throw undecodable(e);
    }
  }

  private Object fromCsv(byte[] value) {
    CsvScanner scanner = onlyRecord(value, columns.length);
    Object[] values = reader.missing();
    for (int i = 0; i < columns.length; i++) {
      if (columns[i] >= 0) {
        values[columns[i]] = reader.convert(columns[i], textOrNull(scanner, i));
      }
    }
    return reader.create(values);
  }

  private CsvScanner onlyRecord(byte[] value, int columnCount) {
    String text = Utf8Text.decode(value);
    CsvScanner scanner = new CsvScanner(text, settings.csvDelimiter());
    if (!scanner.next()) {
      throw new DecodingFailure("the value is empty");
    }
    if (scanner.fields().size() != columnCount) {
      throw new DecodingFailure(
          "%d fields were found where %d columns are configured"
              .formatted(scanner.fields().size(), columnCount));
    }
    if (scanner.hasMore()) {
      throw new DecodingFailure("more than one line was found");
    }
    return scanner;
  }

  private String textOrNull(CsvScanner scanner, int column) {
    String text = scanner.fields().get(column);
    return text.isEmpty() && settings.emptyAsNull() && !scanner.isQuoted(column) ? null : text;
  }

  private void checkNames(RecordShape shape) {
    List<String> names = shape.components().stream().map(RecordShape.Component::name).toList();
    for (String component : settings.fields().keySet()) {
      if (!names.contains(component)) {
        throw invalid(
            "fields",
            component,
            "is no component of %s, which has %s".formatted(type.getName(), names));
      }
    }
    String time = settings.timeColumn();
    if (time != null && !names.contains(time) && !settings.fields().containsValue(time)) {
      throw invalid(
          "time.column",
          time,
          "is no component of %s, which has %s".formatted(type.getName(), names));
    }
  }

  private void checkColumns() {
    for (String required : reader.required()) {
      if (!settings.csvColumns().contains(required)) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "source '%s': column '%s' is missing from %s, and %s needs it"
                .formatted(settings.name(), required, settings.csvColumns(), type.getName()));
      }
    }
  }

  private StarfireException invalid(String key, String name, String problem) {
    return new StarfireException(
        ErrorCode.INVALID_INPUT,
        "starfire.sources.%s.%s: '%s' %s".formatted(settings.name(), key, name, problem));
  }

  private StarfireException undecodable(DecodingFailure failure) {
    return new StarfireException(
        ErrorCode.INVALID_INPUT,
        "source '%s': this is not a %s: %s"
            .formatted(settings.name(), type.getSimpleName(), failure.describe()),
        failure);
  }
}
