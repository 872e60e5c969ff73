package io.starfire.batch.input;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * The rows of a flat Parquet file as named fields: null, String, Boolean, Number or Instant, by the
 * logical types of its columns. Not thread-safe.
 */
public final class ParquetRows implements Closeable {
  private final String file;
  private final List<ParquetColumn> columns = new ArrayList<>();
  private final ParquetReader<Group> reader;

  private ParquetRows(
      String file, MessageType schema, Predicate<String> wanted, Range range, Configuration conf)
      throws IOException {
    this.file = file;
    List<Type> projection = new ArrayList<>();
    for (Type column : schema.getFields()) {
      if (wanted.test(column.getName())) {
        projection.add(column);
        columns.add(ParquetColumn.of(file, column));
      }
    }
    Configuration projected = new Configuration(conf);
    projected.set(
        ReadSupport.PARQUET_READ_SCHEMA, new MessageType(schema.getName(), projection).toString());
    this.reader =
        ParquetReader.builder(new GroupReadSupport(), new Path(file))
            .withConf(projected)
            .withFileRange(range.start(), range.end())
            .build();
  }

  /**
   * What a file says of itself.
   *
   * @param columns names, in order
   * @param rowCount of all row groups
   */
  public record Description(List<String> columns, long rowCount) {
    public Description {
      columns = List.copyOf(columns);
    }
  }

  private record Range(long start, long end) {}

  /**
   * Reads a file's footer.
   *
   * @throws StarfireException with CORRUPT if it is damaged, cut off or no Parquet file; with
   *     NOT_FOUND if there is none
   */
  public static Description describe(String file, Configuration configuration) {
    try (ParquetFileReader footer = footer(file, configuration)) {
      return new Description(
          footer.getFooter().getFileMetaData().getSchema().getFields().stream()
              .map(Type::getName)
              .toList(),
          footer.getRecordCount());
    } catch (IOException | RuntimeException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Opens a whole file.
   *
   * @param wanted whether a column is read, by its name
   * @throws StarfireException as {@link #describe}; with UNSUPPORTED and its name if a wanted
   *     column is nested or of a type that is not read
   */
  public static ParquetRows open(
      String file, Predicate<String> wanted, Configuration configuration) {
    return open(file, wanted, 0, Long.MAX_VALUE, configuration);
  }

  /**
   * Opens the row groups whose middle lies within a range of the file's bytes, so that ranges that
   * tile a file give each of its rows once.
   *
   * @param start first byte, inclusive
   * @param end exclusive
   */
  static ParquetRows open(
      String file, Predicate<String> wanted, long start, long end, Configuration configuration) {
    try {
      MessageType schema;
      try (ParquetFileReader footer = footer(file, configuration)) {
        schema = footer.getFooter().getFileMetaData().getSchema();
      }
      return new ParquetRows(file, schema, wanted, new Range(start, end), configuration);
    } catch (IOException | RuntimeException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * The next row.
   *
   * @return by names of columns, with a null for each that is null; null at the end
   * @throws StarfireException with CORRUPT if the file is damaged
   */
  public Map<String, Object> next() {
    try {
      Group group = reader.read();
      if (group == null) {
        return null;
      }
      Map<String, Object> fields = new LinkedHashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        fields.put(columns.get(i).name(), columns.get(i).read(group, i));
      }
      return fields;
    } catch (IOException | RuntimeException e) {
      throw unreadable(file, e);
    }
  }

  /** The number, from 0, of the row in the file that {@link #next} gave last. */
  public long rowNumber() {
    return reader.getCurrentRowIndex();
  }

  private static ParquetFileReader footer(String file, Configuration configuration)
      throws IOException {
    return ParquetFileReader.open(HadoopInputFile.fromPath(new Path(file), configuration));
  }

  private static StarfireException unreadable(String file, Exception e) {
    if (e instanceof StarfireException known) {
      return known;
    }
    if (e instanceof FileNotFoundException) {
      return new StarfireException(
          ErrorCode.NOT_FOUND, "there is no file %s; correct its name".formatted(file), e);
    }
    return new StarfireException(
        ErrorCode.CORRUPT,
        "Parquet file %s cannot be read: %s; it is damaged, cut off or no Parquet file: replace it, or take it out of the input"
            .formatted(file, IoFailure.reason(e)),
        e);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
