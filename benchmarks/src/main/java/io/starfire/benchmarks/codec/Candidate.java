package io.starfire.benchmarks.codec;

import io.starfire.event.RecordCodec;
import io.starfire.jobs.ads.Impression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;

/** A codec that takes part. Each value becomes a byte array, and a new object again. */
interface Candidate {
  byte[] encode(int value);

  Object decode(byte[] bytes);

  /** One by its name. */
  static Candidate of(String name, List<Impression> values) {
    return switch (name) {
      case "starfire" -> starfire(values);
      case "avro-specific" -> specific(values);
      case "avro-generic" -> generic(values);
      default -> throw new IllegalArgumentException("no candidate " + name);
    };
  }

  private static Candidate starfire(List<Impression> values) {
    RecordCodec<Impression> codec = RecordCodec.of(Impression.class);
    return new Candidate() {
      @Override
      public byte[] encode(int value) {
        return codec.encode(values.get(value));
      }

      @Override
      public Object decode(byte[] bytes) {
        return codec.decode(bytes);
      }
    };
  }

  private static Candidate specific(List<Impression> values) {
    return new Avro<>(
        values.stream().map(SpecificImpression::of).toList(),
        new SpecificDatumWriter<>(SpecificImpression.SCHEMA, SpecificImpression.MODEL),
        new SpecificDatumReader<>(
            SpecificImpression.SCHEMA, SpecificImpression.SCHEMA, SpecificImpression.MODEL));
  }

  /** The time is a long here: generic records know no Instant unless they are told. */
  private static Candidate generic(List<Impression> values) {
    Schema schema = SpecificImpression.SCHEMA;
    GenericData model = new GenericData();
    List<IndexedRecord> records =
        values.stream()
            .map(
                value -> {
                  IndexedRecord record = new GenericData.Record(schema);
                  SpecificImpression specific = SpecificImpression.of(value);
                  schema.getFields().forEach(f -> record.put(f.pos(), specific.get(f.pos())));
                  record.put(1, value.servedAt().toEpochMilli());
                  return record;
                })
            .toList();
    return new Avro<>(
        records,
        new GenericDatumWriter<>(schema, model),
        new GenericDatumReader<>(schema, schema, model));
  }

  /** Encoder, decoder and buffer are used again, as Avro's documentation advises. */
  final class Avro<T> implements Candidate {
    private final List<T> values;
    private final DatumWriter<T> writer;
    private final DatumReader<T> reader;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(256);
    private BinaryEncoder encoder;
    private BinaryDecoder decoder;

    private Avro(List<T> values, DatumWriter<T> writer, DatumReader<T> reader) {
      this.values = values;
      this.writer = writer;
      this.reader = reader;
    }

    @Override
    public byte[] encode(int value) {
      try {
        buffer.reset();
        encoder = EncoderFactory.get().binaryEncoder(buffer, encoder);
        writer.write(values.get(value), encoder);
        encoder.flush();
        return buffer.toByteArray();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Object decode(byte[] bytes) {
      try {
        decoder = DecoderFactory.get().binaryDecoder(bytes, decoder);
        return reader.read(null, decoder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
