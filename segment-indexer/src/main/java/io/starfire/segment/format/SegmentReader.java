package io.starfire.segment.format;

import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.sketch.SketchSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the rows of a segment file, which is memory-mapped. Header, footer and metadata are checked
 * when it is opened, and each block when it is first read: a damaged block is an error with
 * CORRUPT, never a wrong number. {@link #verify()} checks the whole file. Only the metadata are on
 * the heap: 17 bytes for each page, and for each column and block of 8,192 rows.
 *
 * <p>Each reader is a hold on the file, which is unmapped when the last hold is closed. A query
 * gets its own hold with {@link #tryShare()}, so that the segment can be dropped meanwhile.
 * Thread-safe, except that {@link #close()} must not be called while the same hold is read.
 */
public final class SegmentReader implements IndexedRows {
  private final SegmentFile segment;
  private final Metadata metadata;
  private final Handle handle;
  private final Map<String, Column> columns = new LinkedHashMap<>();

  /** Those of the schema. */
  private final List<String> names = new ArrayList<>();

  private SegmentReader(SegmentFile segment) {
    this.segment = segment;
    this.metadata = segment.metadata();
    this.handle = new Handle(segment.file());
    for (ColumnDirectory directory : metadata.columns()) {
      columns.put(directory.name, column(directory));
      if (directory.nestedIn == null) {
        names.add(directory.name);
      }
    }
  }

  private Column column(ColumnDirectory directory) {
    return switch (directory.type) {
      case LONG -> new MappedLongColumn(handle, directory, metadata.rows());
      case DOUBLE -> new MappedDoubleColumn(handle, directory, metadata.rows());
      case COMPLEX ->
          new MappedBytesColumn(
              handle, directory, metadata.rows(), sketches(directory.name).kind().typeName());
      case STRING ->
          new MappedStringColumn(
              handle, directory, new DictionaryPages(directory.dictionary), metadata.rows());
    };
  }

  /** What the sketches of a column are. */
  private SketchSpec sketches(String column) {
    return metadata.schema().metrics().stream()
        .filter(metric -> metric.name().equals(column) && metric.aggregation().isSketch())
        .findFirst()
        .map(SketchSpec::of)
        .orElseThrow(
            () ->
                Damage.inFile(
                    path(),
                    "column '%s' holds bytes, and its schema does not say which"
                        .formatted(column)));
  }

  /**
   * Opens a file.
   *
   * @throws io.starfire.common.StarfireException with NOT_FOUND if there is no such file; CORRUPT
   *     if it is damaged or cut off; UNSUPPORTED if it has another version; CAPACITY_EXCEEDED if it
   *     is larger than 2 GB
   */
  public static SegmentReader open(Path path) {
    return new SegmentReader(SegmentFile.open(path));
  }

  /** A further hold on the same file; empty if all holds are closed. */
  public Optional<SegmentReader> tryShare() {
    return segment.file().retain() ? Optional.of(new SegmentReader(segment)) : Optional.empty();
  }

  public Path path() {
    return segment.file().path();
  }

  /** Size of the file, in bytes. */
  public long sizeBytes() {
    return segment.file().size();
  }

  /** The interval that the segment covers; half-open. */
  public Interval interval() {
    return metadata.interval();
  }

  /**
   * Checks every byte of the file.
   *
   * @throws io.starfire.common.StarfireException with CORRUPT, naming the column and the block
   */
  public void verify() {
    handle.file();
    segment.verify();
  }

  @Override
  public DataSourceSchema schema() {
    return metadata.schema();
  }

  @Override
  public long eventCount() {
    return metadata.events();
  }

  @Override
  public boolean hasDistinctRows() {
    return metadata.schema().rollup();
  }

  @Override
  public int rowCount() {
    return metadata.rows();
  }

  @Override
  public Interval timeRange() {
    return metadata.timeRange();
  }

  @Override
  public boolean sortedByTime() {
    return true;
  }

  @Override
  public List<String> columnNames() {
    return List.copyOf(names);
  }

  /** The names of the columns of paths of nested values, which are not in the schema. */
  List<String> pathColumns() {
    return columns.keySet().stream().filter(name -> !names.contains(name)).toList();
  }

  @Override
  public LongColumn time() {
    return (LongColumn) columns.get(DataSourceSchema.TIME_COLUMN);
  }

  @Override
  public Column column(String name) {
    return columns.get(name);
  }

  @Override
  public void close() {
    handle.close();
  }
}
