package io.starfire.event;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.DecodingFailure;
import io.starfire.decoding.DelimitedFormat;
import io.starfire.decoding.DelimitedLine;
import io.starfire.decoding.DelimitedScanner;
import io.starfire.decoding.FieldValue;
import io.starfire.decoding.JavaValue;
import io.starfire.decoding.JsonScanner;
import io.starfire.decoding.RawRecord;
import io.starfire.decoding.RecordBuilder;
import io.starfire.decoding.RecordScanner;
import io.starfire.decoding.RecordTarget;
import io.starfire.decoding.TimeFormat;
import io.starfire.decoding.Utf8Text;
import io.starfire.event.SourceSettings.Format;
import io.starfire.event.internal.DataReaders;
import io.starfire.event.internal.RecordReader;
import io.starfire.event.internal.RecordShape;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the events of a source from the bytes of records, as its {@link SourceSettings} say. Both
 * drivers use this class.
 *
 * <p>JSON: a value is one object. A field without a component is ignored. A component whose field
 * is missing or null becomes null, or an empty Optional; if it is primitive, the record is refused.
 *
 * <p>CSV and TSV: a value is one record, with as many fields as there are columns.
 *
 * <p>{@link FieldValue} says how values are read. If a component is a list and the value is not,
 * the list has this one value.
 *
 * <p>Immutable and thread-safe.
 */
public final class EventDecoder<T> {
  private final SourceSettings settings;
  private final EventType<T> type;
  private final RecordReader reader;

  /** Null for Parquet, whose rows come as fields. */
  private final RecordScanner<Object> scanner;

  private EventDecoder(SourceSettings settings, EventType<T> type) {
    this.settings = requireNonNull(settings, "settings");
    this.type = requireNonNull(type, "type");
    RecordShape shape = type.shape();
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
              return named ? settings.timeFormat() : TimeFormat.AUTO;
            });
    if (settings.format().isDelimited() && !settings.csvColumns().isEmpty()) {
      checkColumns();
    }
    this.scanner = scanner();
  }

  private RecordScanner<Object> scanner() {
    return switch (settings.format()) {
      case JSON -> new JsonScanner<>(reader);
      case CSV, TSV -> DelimitedScanner.shared(delimited(), reader);
      case PARQUET -> null;
    };
  }

  private DelimitedFormat delimited() {
    return new DelimitedFormat(
        settings.csvColumns(), settings.csvDelimiter(), true, settings.emptyAsNull());
  }

  /**
   * The decoder of a source.
   *
   * @throws StarfireException with INVALID_PIPELINE if {@code type} cannot be an event; with
   *     INVALID_INPUT if the settings name components that it does not have, or lack columns that
   *     it needs
   */
  public static <T> EventDecoder<T> of(SourceSettings settings, EventType<T> type) {
    return new EventDecoder<>(settings, type);
  }

  /** The decoder of a source whose events are Java records; errors as of the other. */
  public static <T> EventDecoder<T> of(SourceSettings settings, Class<T> type) {
    return of(settings, new RecordType<>(type));
  }

  public SourceSettings settings() {
    return settings;
  }

  /**
   * A decoder of the same source for a file. Its format may differ from that of the topic.
   *
   * @param format of the file; read rows of Parquet with {@link #fromFields}
   * @param csvHeader the first line of a CSV or TSV file, which names its columns; ignored for
   *     other formats
   * @throws StarfireException with INVALID_INPUT if the header lacks a column that the record needs
   */
  public EventDecoder<T> forFile(Format format, byte[] csvHeader) {
    return switch (format) {
      case PARQUET -> this;
      case JSON -> new EventDecoder<>(settings.withFormat(Format.JSON, ',', List.of()), type);
      case CSV, TSV -> {
        // The configured delimiter holds for the configured format only.
        char usual = format == Format.TSV ? '\t' : ',';
        char delimiter = format == settings.format() ? settings.csvDelimiter() : usual;
        yield new EventDecoder<>(
            settings.withFormat(format, delimiter, columnNames(csvHeader, delimiter)), type);
      }
    };
  }

  private List<String> columnNames(byte[] header, char delimiter) {
    int from = Utf8Text.markLength(header);
    if (from == header.length) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "source '%s': the file has no header".formatted(settings.name()));
    }
    try {
      return DelimitedLine.names(header, from, header.length, delimiter, true);
    } catch (DecodingFailure e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "source '%s': the file's header cannot be read: %s"
              .formatted(settings.name(), e.describe()),
          e);
    }
  }

  /**
   * Checks that a file has a column for each component of the record, except for Optional ones. A
   * missing column is an error, unlike a null in a column: it is likely to be the wrong file.
   *
   * @param file its name, for the message
   * @param present the names of its columns
   * @throws StarfireException with INVALID_INPUT if a column is missing; the message lists the
   *     missing columns and those that are present
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
                  type.name(),
                  List.copyOf(present),
                  settings.name()));
    }
  }

  /**
   * Reads one event.
   *
   * @param record of the topic, or a line of a file
   * @throws StarfireException with INVALID_INPUT and the reason if it cannot be read or has no
   *     value; the record is then UNDECODABLE
   */
  public T decode(RawRecord record) {
    try {
      if (!record.hasValue()) {
        throw new DecodingFailure("there is no value");
      }
      if (scanner == null) {
        throw new DecodingFailure("a row of Parquet is no text");
      }
      return type.cast(scanner.read(record));
    } catch (DecodingFailure e) {
      throw undecodable(e);
    }
  }

  /** Reads one event from a value. Errors as for {@link #decode(RawRecord)}; null is refused. */
  public T decode(byte[] value) {
    return decode(RawRecord.ofValue(value));
  }

  /**
   * Makes an event of named fields, such as those of a Parquet row.
   *
   * @param fields values by their names in the data: null, String, Boolean, Number, Instant, or
   *     List and Map of these
   * @throws StarfireException with INVALID_INPUT and the reason if the fields do not fit
   */
  public T fromFields(Map<String, ?> fields) {
    try {
      return type.cast(reader.read(JavaValue.of(fields)));
    } catch (DecodingFailure e) {
      throw undecodable(e);
    }
  }

  /**
   * Splits a record of CSV or TSV into its fields, without reading it as an event.
   *
   * @return the text of each field by the name of its column; null for an empty field that means
   *     null
   * @throws StarfireException with INVALID_INPUT if it is not one record of the columns
   */
  public Map<String, Object> delimitedFields(byte[] value) {
    try {
      return DelimitedScanner.shared(delimited(), new AllColumns(settings.csvColumns()))
          .read(RawRecord.ofValue(value));
    } catch (DecodingFailure e) {
      throw undecodable(e);
    }
  }

  /** Takes all columns as text. */
  private record AllColumns(List<String> columns) implements RecordTarget<Map<String, Object>> {
    @Override
    public int field(String name) {
      return columns.indexOf(name);
    }

    @Override
    public RecordBuilder<Map<String, Object>> begin(RawRecord record) {
      Map<String, Object> fields = new LinkedHashMap<>();
      return new RecordBuilder<>() {
        @Override
        public void set(int field, FieldValue value) {
          fields.put(
              columns.get(field), value.kind() == FieldValue.Kind.NULL ? null : value.text());
        }

        @Override
        public void found(String name, FieldValue value) {
          throw new IllegalStateException("all columns are known");
        }

        @Override
        public Map<String, Object> finish() {
          return fields;
        }
      };
    }
  }

  private void checkNames(RecordShape shape) {
    List<String> names = shape.components().stream().map(RecordShape.Component::name).toList();
    for (String component : settings.fields().keySet()) {
      if (!names.contains(component)) {
        throw invalid(
            "fields",
            component,
            "is no component of %s, which has %s".formatted(type.fullName(), names));
      }
    }
    String time = settings.timeColumn();
    if (time != null && !names.contains(time) && !settings.fields().containsValue(time)) {
      throw invalid(
          "time.column",
          time,
          "is no component of %s, which has %s".formatted(type.fullName(), names));
    }
  }

  private void checkColumns() {
    for (String required : reader.required()) {
      if (!settings.csvColumns().contains(required)) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "source '%s': column '%s' is missing from %s, and %s needs it"
                .formatted(settings.name(), required, settings.csvColumns(), type.fullName()));
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
            .formatted(settings.name(), type.name(), failure.describe()),
        failure);
  }
}
