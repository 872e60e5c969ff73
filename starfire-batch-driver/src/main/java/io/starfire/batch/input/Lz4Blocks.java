package io.starfire.batch.input;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * Compresses bytes a block at a time with LZ4. No library of the system is needed: the one in the
 * jar of LZ4 is used where it can be loaded, and Java elsewhere.
 *
 * <p>A stream is a sequence of blocks. Form of a block: length of the plain bytes (4, big-endian),
 * length of the stored bytes (4), the stored bytes, which are plain if both lengths are equal.
 * Stateless.
 */
public final class Lz4Blocks {
  static final int BLOCK_BYTES = 64 << 10;
  private static final int HEADER_BYTES = 2 * Integer.BYTES;

  private Lz4Blocks() {}

  /** Writes blocks. Closing it does not close what it writes to. */
  public static final class Writer extends OutputStream {
    private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
    private final OutputStream out;
    private final byte[] plain = new byte[BLOCK_BYTES];
    private final byte[] stored =
        new byte[HEADER_BYTES + compressor.maxCompressedLength(BLOCK_BYTES)];
    private int length;

    public Writer(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int single) throws IOException {
      if (length == BLOCK_BYTES) {
        finish();
      }
      plain[length] = (byte) single;
      length++;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      int from = offset;
      int end = offset + count;
      while (from < end) {
        if (length == BLOCK_BYTES) {
          finish();
        }
        int taken = Math.min(end - from, BLOCK_BYTES - length);
        System.arraycopy(bytes, from, plain, length, taken);
        length += taken;
        from += taken;
      }
    }

    /** Writes what is held as a block. */
    public void finish() throws IOException {
      if (length == 0) {
        return;
      }
      int size = compressor.compress(plain, 0, length, stored, HEADER_BYTES);
      if (size >= length) {
        size = length;
        System.arraycopy(plain, 0, stored, HEADER_BYTES, length);
      }
      putInt(stored, 0, length);
      putInt(stored, Integer.BYTES, size);
      out.write(stored, 0, HEADER_BYTES + size);
      length = 0;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }

  /** Reads blocks. Closing it does not close what it reads from. */
  public static final class Reader extends InputStream {
    private final LZ4SafeDecompressor decompressor =
        LZ4Factory.fastestInstance().safeDecompressor();
    private final InputStream in;
    private final byte[] header = new byte[HEADER_BYTES];
    private byte[] plain = {};
    private byte[] stored = {};
    private int position;
    private int length;

    public Reader(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      if (position == length && !next()) {
        return -1;
      }
      int single = plain[position] & 0xFF;
      position++;
      return single;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      if (position == length && !next()) {
        return -1;
      }
      int taken = Math.min(count, length - position);
      System.arraycopy(plain, position, bytes, offset, taken);
      position += taken;
      return taken;
    }

    @Override
    public int available() {
      return length - position;
    }

    private boolean next() throws IOException {
      int read = in.readNBytes(header, 0, HEADER_BYTES);
      if (read == 0) {
        return false;
      }
      int plainLength = getInt(header, 0);
      int storedLength = getInt(header, Integer.BYTES);
      if (read < HEADER_BYTES
          || plainLength < 1
          || plainLength > BLOCK_BYTES
          || storedLength < 1
          || storedLength > plainLength) {
        throw new IOException("compressed bytes are damaged: there is no block where one begins");
      }
      stored = stored.length < storedLength ? new byte[BLOCK_BYTES] : stored;
      plain = plain.length < plainLength ? new byte[BLOCK_BYTES] : plain;
      if (in.readNBytes(stored, 0, storedLength) < storedLength) {
        throw new EOFException("compressed bytes end within a block");
      }
      if (storedLength == plainLength) {
        System.arraycopy(stored, 0, plain, 0, plainLength);
      } else {
        decompress(storedLength, plainLength);
      }
      position = 0;
      length = plainLength;
      return true;
    }

    private void decompress(int storedLength, int plainLength) throws IOException {
      try {
        if (decompressor.decompress(stored, 0, storedLength, plain, 0) == plainLength) {
          return;
        }
      } catch (LZ4Exception e) {
        throw new IOException("compressed bytes are damaged: " + e.getMessage(), e);
      }
      throw new IOException("compressed bytes are damaged: a block is shorter than it says");
    }
  }

  private static void putInt(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >>> 24);
    bytes[at + 1] = (byte) (value >>> 16);
    bytes[at + 2] = (byte) (value >>> 8);
    bytes[at + 3] = (byte) value;
  }

  private static int getInt(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 24
        | (bytes[at + 1] & 0xFF) << 16
        | (bytes[at + 2] & 0xFF) << 8
        | (bytes[at + 3] & 0xFF);
  }
}
