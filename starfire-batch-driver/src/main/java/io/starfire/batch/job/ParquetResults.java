package io.starfire.batch.job;

import io.starfire.event.ResultCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * A Parquet file of results. A result goes from the Avro binary of {@link ResultCodec#binary} to
 * the columns of {@link ParquetColumns}, without an object in between. One thread.
 */
final class ParquetResults implements ResultFile {
  /** A task may have several files open, and holds a row group of each in memory. */
  private static final long ROW_GROUP_BYTES = 32L << 20;

  private final ResultCodec codec;
  private final ParquetWriter<byte[]> writer;

  ParquetResults(ResultCodec codec, Path path, Configuration configuration) throws IOException {
    this.codec = codec;
    this.writer =
        new Builder(
                HadoopOutputFile.fromPath(path, configuration),
                new Results(ParquetColumns.schema(codec)))
            .withConf(configuration)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withPageWriteChecksumEnabled(true)
            .build();
  }

  @Override
  public void add(long timeMillis, byte[] event) throws IOException {
    writer.write(codec.binary(timeMillis, event));
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  private static final class Builder extends ParquetWriter.Builder<byte[], Builder> {
    private final Results results;

    private Builder(OutputFile file, Results results) {
      super(file);
      this.results = results;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // The method is abstract, so it has to be there.
    protected WriteSupport<byte[]> getWriteSupport(Configuration configuration) {
      return results;
    }
  }

  private static final class Results extends WriteSupport<byte[]> {
    private final Schema schema;
    private RecordConsumer out;
    private BinaryDecoder in;

    private Results(Schema schema) {
      this.schema = schema;
    }

    @Override
    @SuppressWarnings("deprecation") // The method is abstract, so it has to be there.
    public WriteContext init(Configuration configuration) {
      return new WriteContext(ParquetColumns.of(schema), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      out = consumer;
    }

    @Override
    public void write(byte[] result) {
      in = DecoderFactory.get().binaryDecoder(result, in);
      out.startMessage();
      try {
        fields(schema);
      } catch (IOException e) {
        throw new UncheckedIOException(e); // It is read from memory.
      }
      out.endMessage();
    }

    private void fields(Schema owner) throws IOException {
      for (Schema.Field field : owner.getFields()) {
        field(ResultCodec.nameOf(field), field.pos(), field.schema());
      }
    }

    /** A null is a field that is left out. */
    private void field(String name, int index, Schema value) throws IOException {
      Schema present = value;
      if (value.getType() == Schema.Type.UNION) {
        present = value.getTypes().get(in.readIndex());
        if (present.getType() == Schema.Type.NULL) {
          return;
        }
      }
      out.startField(name, index);
      value(present);
      out.endField(name, index);
    }

    private void value(Schema value) throws IOException {
      switch (value.getType()) {
        case BOOLEAN -> out.addBoolean(in.readBoolean());
        case INT -> out.addInteger(in.readInt());
        case LONG -> out.addLong(in.readLong());
        case FLOAT -> out.addFloat(in.readFloat());
        case DOUBLE -> out.addDouble(in.readDouble());
        case STRING -> out.addBinary(Binary.fromString(in.readString()));
        case ENUM -> out.addBinary(Binary.fromString(value.getEnumSymbols().get(in.readEnum())));
        case RECORD -> {
          out.startGroup();
          fields(value);
          out.endGroup();
        }
        case ARRAY -> list(value.getElementType());
        case MAP -> map(value.getValueType());
        default -> throw new IllegalArgumentException("no schema of ours has " + value);
      }
    }

    /** An empty list has no entries, and so no field of them. */
    private void list(Schema element) throws IOException {
      out.startGroup();
      long count = in.readArrayStart();
      if (count > 0) {
        out.startField(ParquetColumns.LIST, 0);
        for (; count > 0; count = in.arrayNext()) {
          for (long i = 0; i < count; i++) {
            out.startGroup();
            field(ParquetColumns.ELEMENT, 0, element);
            out.endGroup();
          }
        }
        out.endField(ParquetColumns.LIST, 0);
      }
      out.endGroup();
    }

    private void map(Schema value) throws IOException {
      out.startGroup();
      long count = in.readMapStart();
      if (count > 0) {
        out.startField(ParquetColumns.KEY_VALUE, 0);
        for (; count > 0; count = in.mapNext()) {
          for (long i = 0; i < count; i++) {
            out.startGroup();
            out.startField(ParquetColumns.KEY, 0);
            out.addBinary(Binary.fromString(in.readString()));
            out.endField(ParquetColumns.KEY, 0);
            field(ParquetColumns.VALUE, 1, value);
            out.endGroup();
          }
        }
        out.endField(ParquetColumns.KEY_VALUE, 0);
      }
      out.endGroup();
    }
  }
}
