package io.starfire.batch.input;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.file.Codec;
import org.apache.avro.file.CodecFactory;

/** {@link Lz4Blocks} for the blocks of an Avro container file. Stateless. */
final class Lz4EdgeCodec extends Codec {
  static final String NAME = "starfire-lz4";

  static CodecFactory factory() {
    return new CodecFactory() {
      @Override
      protected Codec createInstance() {
        return new Lz4EdgeCodec();
      }
    };
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public ByteBuffer compress(ByteBuffer plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(plain.remaining());
    try (Lz4Blocks.Writer blocks = new Lz4Blocks.Writer(out)) {
      blocks.write(plain.array(), plain.arrayOffset() + plain.position(), plain.remaining());
      blocks.finish();
    }
    return ByteBuffer.wrap(out.toByteArray());
  }

  @Override
  public ByteBuffer decompress(ByteBuffer stored) throws IOException {
    try (Lz4Blocks.Reader blocks =
        new Lz4Blocks.Reader(
            new ByteArrayInputStream(
                stored.array(), stored.arrayOffset() + stored.position(), stored.remaining()))) {
      return ByteBuffer.wrap(blocks.readAllBytes());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Lz4EdgeCodec;
  }

  @Override
  public int hashCode() {
    return NAME.hashCode();
  }
}
