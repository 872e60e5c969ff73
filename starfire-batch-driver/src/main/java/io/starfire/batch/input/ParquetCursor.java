package io.starfire.batch.input;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * The rows of a flat Parquet file as named fields. Only columns that the source's record has are
 * read.
 */
final class ParquetCursor implements PartCursor {
  private final InputPart part;
  private final List<PrimitiveType> columns = new ArrayList<>();
  private final ParquetReader<Group> reader;
  private long row;

  /**
   * @param wanted names of the fields that the source's record is made of
   */
  ParquetCursor(InputPart part, Set<String> wanted, Configuration configuration)
      throws IOException {
    this.part = part;
    Path path = new Path(part.file());
    MessageType schema = schema(path, configuration);
    List<Type> projection = new ArrayList<>();
    for (Type column : schema.getFields()) {
      if (wanted.contains(column.getName())) {
        projection.add(column);
        columns.add(flat(column));
      }
    }
    Configuration projected = new Configuration(configuration);
    projected.set(
        ReadSupport.PARQUET_READ_SCHEMA, new MessageType(schema.getName(), projection).toString());
    this.reader = ParquetReader.builder(new GroupReadSupport(), path).withConf(projected).build();
  }

  @Override
  public InputRecord next() throws IOException {
    Group group = reader.read();
    if (group == null) {
      return null;
    }
    Map<String, Object> fields = new HashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      fields.put(
          columns.get(i).getName(),
          group.getFieldRepetitionCount(i) == 0 ? null : value(group, i, columns.get(i)));
    }
    return InputRecord.row(part.index(), part.file(), row++, fields);
  }

  private static MessageType schema(Path path, Configuration configuration) throws IOException {
    try (ParquetFileReader file =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, configuration))) {
      return file.getFooter().getFileMetaData().getSchema();
    }
  }

  private PrimitiveType flat(Type column) {
    if (!column.isPrimitive() || column.isRepetition(Type.Repetition.REPEATED)) {
      throw new StarfireException(
          ErrorCode.UNSUPPORTED,
          "column '%s' of %s is nested; only flat Parquet columns are read, so write it as JSON"
              .formatted(column.getName(), part.file()));
    }
    return column.asPrimitiveType();
  }

  private static Object value(Group group, int index, PrimitiveType column) {
    LogicalTypeAnnotation logical = column.getLogicalTypeAnnotation();
    return switch (column.getPrimitiveTypeName()) {
      case BOOLEAN -> (Object) group.getBoolean(index, 0);
      case INT32 -> whole(group.getInteger(index, 0), logical);
      case INT64 -> whole(group.getLong(index, 0), logical);
      case FLOAT -> (Object) group.getFloat(index, 0);
      case DOUBLE -> (Object) group.getDouble(index, 0);
      case BINARY, FIXED_LEN_BYTE_ARRAY -> {
        if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
          yield new BigDecimal(
              new BigInteger(group.getBinary(index, 0).getBytes()), decimal.getScale());
        }
        yield group.getBinary(index, 0).toStringUsingUTF8();
      }
      case INT96 ->
          throw new StarfireException(
              ErrorCode.UNSUPPORTED,
              "column '%s' is of the old type int96; write times as int64 timestamps"
                  .formatted(column.getName()));
    };
  }

  private static Object whole(long value, LogicalTypeAnnotation logical) {
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      return switch (timestamp.getUnit()) {
        case MILLIS -> Instant.ofEpochMilli(value);
        case MICROS -> Instant.EPOCH.plus(value, ChronoUnit.MICROS);
        case NANOS -> Instant.EPOCH.plusNanos(value);
      };
    }
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return BigDecimal.valueOf(value, decimal.getScale());
    }
    if (logical instanceof LogicalTypeAnnotation.DateLogicalTypeAnnotation) {
      return LocalDate.ofEpochDay(value).toString();
    }
    return value;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
