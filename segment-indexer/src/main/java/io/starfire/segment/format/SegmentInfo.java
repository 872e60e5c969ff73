package io.starfire.segment.format;

import io.starfire.common.Interval;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A description of a segment file, as text for people and as JSON for programs. Immutable.
 *
 * @param file path of the file
 * @param sizeBytes size of the file
 * @param formatVersion version of the format
 * @param schema of the data source
 * @param interval the interval that the segment covers
 * @param timeRange the smallest interval with all its rows; empty if it has none
 * @param rows number of rows, after rollup
 * @param events number of events, before rollup
 * @param columns time, then dimensions, then metrics
 */
public record SegmentInfo(
    String file,
    long sizeBytes,
    int formatVersion,
    DataSourceSchema schema,
    Interval interval,
    Interval timeRange,
    int rows,
    long events,
    List<ColumnInfo> columns) {
  private static final List<String> ENCODINGS =
      List.of("constant", "packed", "delta", "runLength", "raw", "decimal", "lists", "bytes");

  public SegmentInfo {
    columns = List.copyOf(columns);
  }

  /**
   * One column.
   *
   * @param name of the column
   * @param type of its values
   * @param nulls whether some value is null
   * @param multiValued whether some row has several values
   * @param cardinality distinct values, null included; 0 for numbers and bytes
   * @param dataBytes of its data blocks
   * @param dictionaryBytes of its dictionary
   * @param compressedDictionaryBytes of those dictionary pages that are compressed
   * @param bitmapBytes of its bitmaps
   * @param postingBytes of the rows of ids without a bitmap
   * @param blocksByEncoding how many data blocks have each encoding
   */
  public record ColumnInfo(
      String name,
      ColumnType type,
      boolean nulls,
      boolean multiValued,
      int cardinality,
      long dataBytes,
      long dictionaryBytes,
      long compressedDictionaryBytes,
      long bitmapBytes,
      long postingBytes,
      Map<String, Integer> blocksByEncoding) {
    public ColumnInfo {
      blocksByEncoding = Map.copyOf(blocksByEncoding);
    }

    /** All bytes of the column. */
    public long totalBytes() {
      return dataBytes + dictionaryBytes + bitmapBytes + postingBytes;
    }
  }

  /**
   * Describes a file.
   *
   * @throws StarfireException as {@link SegmentReader#open}
   */
  public static SegmentInfo of(Path path) {
    SegmentFile segment = SegmentFile.open(path);
    try {
      Metadata metadata = segment.metadata();
      List<ColumnInfo> columns = new ArrayList<>();
      metadata.columns().forEach(column -> columns.add(describe(column, segment.file())));
      return new SegmentInfo(
          path.toString(),
          segment.file().size(),
          segment.version(),
          metadata.schema(),
          metadata.interval(),
          metadata.timeRange(),
          metadata.rows(),
          metadata.events(),
          columns);
    } finally {
      segment.file().release();
    }
  }

  private static ColumnInfo describe(ColumnDirectory column, MappedFile file) {
    Map<String, Integer> encodings = new TreeMap<>();
    for (int block = 0; block < column.data.count(); block++) {
      int number = file.bytes().get(column.data.offset(block, file));
      encodings.merge(ENCODINGS.get(number), 1, Integer::sum);
    }
    return new ColumnInfo(
        // Of a path of nested values: the column and the path.
        column.name.replace('\0', ' '),
        column.type,
        column.hasNulls,
        column.multiValued,
        column.cardinality,
        column.data.totalBytes(),
        column.dictionary.totalBytes(),
        new DictionaryPages(column.dictionary).compressedBytes(file),
        column.bitmaps.totalBytes(),
        column.postings == null ? 0 : column.postings.totalBytes(),
        encodings);
  }

  /** As JSON, on one line. */
  public String toJson() {
    return Json.write(this);
  }

  /** As a table for people. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    text.append("file       ").append(file).append('\n');
    text.append("dataSource ").append(schema.name()).append('\n');
    text.append("interval   ").append(interval).append('\n');
    text.append("timeRange  ").append(timeRange).append('\n');
    text.append("rows       ").append(rows).append('\n');
    text.append("events     ").append(events).append('\n');
    text.append("bytes      ").append(sizeBytes);
    if (rows > 0) {
      text.append(String.format(Locale.ROOT, " (%.2f a row)", (double) sizeBytes / rows));
    }
    String line = "%n%-24s %-8s %10s %12s %12s %12s %12s  %s";
    text.append(
        String.format(
            Locale.ROOT,
            line,
            "column",
            "type",
            "values",
            "data",
            "dictionary",
            "bitmaps",
            "postings",
            "encodings"));
    for (ColumnInfo column : columns) {
      text.append(
          String.format(
              Locale.ROOT,
              line,
              column.name(),
              column.type() + (column.multiValued() ? "[]" : ""),
              column.type() == ColumnType.STRING ? column.cardinality() : "",
              column.dataBytes(),
              column.dictionaryBytes(),
              column.bitmapBytes(),
              column.postingBytes(),
              new TreeMap<>(column.blocksByEncoding())));
    }
    return text.append('\n').toString();
  }
}
