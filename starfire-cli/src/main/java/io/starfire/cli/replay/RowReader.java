package io.starfire.cli.replay;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.EventDecoder;
import io.starfire.event.SourceSettings;
import io.starfire.event.SourceSettings.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Opens a file for a source and turns its rows into records. A row that is written as the topic's
 * records are is sent byte by byte as it is. Not thread-safe.
 */
final class RowReader implements AutoCloseable {
  private static final TypeReference<LinkedHashMap<String, Object>> FIELDS =
      new TypeReference<>() {};

  private final ReplaySource source;
  private final EventFile file;
  private final EventDecoder<?> decoder;
  private final RecordValues values;
  private final boolean asIs;
  // Reads bytes, a line at a time; Json reads texts.
  private final JsonMapper mapper = JsonMapper.builder().build();

  private RowReader(ReplaySource source, EventFile file, EventDecoder<?> decoder) {
    this.source = source;
    this.file = file;
    this.decoder = decoder;
    this.values = new RecordValues(source.settings());
    SourceSettings topic = source.settings();
    boolean sameColumns =
        topic.csvColumns().equals(decoder.settings().csvColumns())
            && topic.csvDelimiter() == decoder.settings().csvDelimiter();
    this.asIs = file.format() == topic.format() && (!topic.format().isDelimited() || sameColumns);
  }

  /**
   * Opens a file and checks that it has the columns that the source's events need.
   *
   * @param format or null to go by the file's name
   * @throws StarfireException with NOT_FOUND, CORRUPT or INVALID_INPUT and what is wrong
   */
  static RowReader open(Path path, Format format, ReplaySource source) {
    if (!Files.isRegularFile(path)) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND, "there is no file %s; correct its name".formatted(path));
    }
    Format known = format == null ? formatOf(path) : format;
    if (known == Format.PARQUET) {
      source.decoder().requireColumns(path.toString(), ParquetEvents.describe(path).columns());
      return new RowReader(source, new ParquetEvents(path, column -> true), source.decoder());
    }
    TextEvents text = new TextEvents(path, known);
    try {
      EventDecoder<?> decoder = source.decoder().forFile(known, text.header());
      if (known.isDelimited()) {
        decoder.requireColumns(path.toString(), decoder.settings().csvColumns());
      }
      return new RowReader(source, text, decoder);
    } catch (RuntimeException e) {
      text.close();
      throw e;
    }
  }

  private static Format formatOf(Path path) {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
    return Format.ofExtension(name.substring(name.lastIndexOf('.') + 1))
        .orElseThrow(
            () ->
                new StarfireException(
                    ErrorCode.INVALID_INPUT,
                    "the format of file '%s' cannot be told by its name; say json, csv, tsv or parquet with --format"
                        .formatted(path.getFileName())));
  }

  /** The next row, or null at the end. */
  EventRow next() {
    return file.next();
  }

  /**
   * The record of a row.
   *
   * @throws StarfireException with INVALID_INPUT if the row cannot be written as the topic's
   *     records are
   */
  ProducerRecord<byte[], byte[]> recordOf(EventRow row) {
    String topic = source.settings().topic();
    if (asIs && source.keyColumn() == null) {
      return new ProducerRecord<>(topic, row.line());
    }
    Map<String, Object> fields;
    try {
      fields = fields(row);
    } catch (StarfireException e) {
      if (asIs) {
        return new ProducerRecord<>(topic, row.line());
      }
      throw e;
    }
    return new ProducerRecord<>(
        topic, source.keyOf(fields), asIs ? row.line() : values.write(fields));
  }

  /** The event time of a row, or null if it cannot be told. */
  Instant timeOf(EventRow row) {
    return source.timeOf(row, decoder);
  }

  double fraction() {
    return file.fraction();
  }

  private Map<String, Object> fields(EventRow row) {
    if (row.fields() != null) {
      return row.fields();
    }
    if (file.format().isDelimited()) {
      return decoder.delimitedFields(row.line());
    }
    Map<String, Object> fields = json(row.line());
    if (source.settings().format() != Format.JSON) {
      fields.forEach(RowReader::requireFlat);
    }
    return fields;
  }

  private Map<String, Object> json(byte[] line) {
    try {
      return mapper.readValue(line, FIELDS);
    } catch (IOException e) {
      throw new StarfireException(ErrorCode.INVALID_INPUT, "a line is not a JSON object", e);
    }
  }

  private static void requireFlat(String name, Object value) {
    if (value instanceof Map || value instanceof List) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "field '%s' holds more than one value, which CSV and TSV cannot".formatted(name));
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
