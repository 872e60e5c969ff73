package io.starfire.batch.job;

import io.starfire.batch.input.Lz4Blocks;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionInputStream;
import org.apache.hadoop.io.compress.CompressionOutputStream;
import org.apache.hadoop.io.compress.Compressor;
import org.apache.hadoop.io.compress.Decompressor;

/**
 * {@link Lz4Blocks} for what mappers send. (Hadoop's own codec for LZ4 needs a library that is not
 * on every cluster.) Stateless.
 */
public final class Lz4Codec implements CompressionCodec {
  private static final String EXTENSION = ".starfire-lz4";

  @Override
  public CompressionOutputStream createOutputStream(OutputStream out) {
    return new Output(out);
  }

  @Override
  public CompressionOutputStream createOutputStream(OutputStream out, Compressor compressor) {
    return new Output(out);
  }

  @Override
  public CompressionInputStream createInputStream(InputStream in) throws IOException {
    return new Input(in);
  }

  @Override
  public CompressionInputStream createInputStream(InputStream in, Decompressor decompressor)
      throws IOException {
    return new Input(in);
  }

  @Override
  public Class<? extends Compressor> getCompressorType() {
    return Unused.class;
  }

  @Override
  public Compressor createCompressor() {
    return new Unused();
  }

  @Override
  public Class<? extends Decompressor> getDecompressorType() {
    return Unused.class;
  }

  @Override
  public Decompressor createDecompressor() {
    return new Unused();
  }

  @Override
  public String getDefaultExtension() {
    return EXTENSION;
  }

  private static final class Output extends CompressionOutputStream {
    private final Lz4Blocks.Writer blocks;

    private Output(OutputStream out) {
      super(out);
      this.blocks = new Lz4Blocks.Writer(out);
    }

    @Override
    public void write(int single) throws IOException {
      blocks.write(single);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      blocks.write(bytes, offset, length);
    }

    @Override
    public void finish() throws IOException {
      blocks.finish();
    }

    @Override
    public void resetState() {
      // Blocks stand for themselves.
    }
  }

  private static final class Input extends CompressionInputStream {
    private final Lz4Blocks.Reader blocks;

    private Input(InputStream in) throws IOException {
      super(in);
      this.blocks = new Lz4Blocks.Reader(in);
    }

    @Override
    public int read() throws IOException {
      return blocks.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return blocks.read(bytes, offset, length);
    }

    @Override
    public void resetState() {
      // Blocks stand for themselves.
    }
  }

  /** Hadoop does not compress without one of them; the streams do the work. */
  private static final class Unused implements Compressor, Decompressor {
    private static UnsupportedOperationException unused() {
      return new UnsupportedOperationException("the streams of this codec compress by themselves");
    }

    @Override
    public void setInput(byte[] bytes, int offset, int length) {
      throw unused();
    }

    @Override
    public void setDictionary(byte[] bytes, int offset, int length) {
      throw unused();
    }

    @Override
    public int compress(byte[] bytes, int offset, int length) {
      throw unused();
    }

    @Override
    public int decompress(byte[] bytes, int offset, int length) {
      throw unused();
    }

    @Override
    public void finish() {
      throw unused();
    }

    @Override
    public boolean needsInput() {
      return true;
    }

    @Override
    public boolean needsDictionary() {
      return false;
    }

    @Override
    public boolean finished() {
      return true;
    }

    @Override
    public int getRemaining() {
      return 0;
    }

    @Override
    public long getBytesRead() {
      return 0;
    }

    @Override
    public long getBytesWritten() {
      return 0;
    }

    @Override
    public void reinit(Configuration configuration) {
      // There is nothing to set.
    }

    @Override
    public void reset() {
      // There is nothing to forget.
    }

    @Override
    public void end() {
      // There is nothing to give back.
    }
  }
}
