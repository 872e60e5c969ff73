package io.starfire.cli.replay;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import io.starfire.event.SourceSettings.Format;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * The lines of a file of JSON, CSV or TSV, which may be compressed with gzip. Blank lines are left
 * out; the first line of CSV and TSV names the columns.
 */
final class TextEvents implements EventFile {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final Format format;
  private final Counted counted;
  private final InputStream in;
  private final long size;
  private final byte[] header;

  TextEvents(Path file, Format format) {
    this.file = file;
    this.format = format;
    try {
      this.size = Files.size(file);
      this.counted = new Counted(Files.newInputStream(file));
      boolean zipped = file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".gz");
      this.in =
          new BufferedInputStream(
              zipped ? new GZIPInputStream(counted, BUFFER_BYTES) : counted, BUFFER_BYTES);
      this.header = format.isDelimited() ? readLine() : null;
    } catch (IOException e) {
      throw unreadable(e);
    }
    if (format.isDelimited() && header == null) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "file %s is empty; its first line must name its columns".formatted(file));
    }
  }

  /** The first line of CSV and TSV; null for JSON. */
  byte[] header() {
    return header;
  }

  @Override
  public Format format() {
    return format;
  }

  @Override
  public EventRow next() {
    try {
      byte[] line = readLine();
      return line == null ? null : EventRow.ofLine(line);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  @Override
  public double fraction() {
    return size == 0 ? 1 : (double) counted.bytes / size;
  }

  private byte[] readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    boolean blank = true;
    while (true) {
      int next = in.read();
      if (next < 0 || next == '\n') {
        if (!blank) {
          return withoutReturn(line.toByteArray());
        } else if (next < 0) {
          return null;
        }
        line.reset();
      } else {
        blank = blank && (next == ' ' || next == '\t' || next == '\r');
        line.write(next);
      }
    }
  }

  private static byte[] withoutReturn(byte[] line) {
    boolean ends = line.length > 0 && line[line.length - 1] == '\r';
    return ends ? java.util.Arrays.copyOf(line, line.length - 1) : line;
  }

  private StarfireException unreadable(IOException e) {
    return new StarfireException(
        ErrorCode.CORRUPT,
        "file %s cannot be read: %s; it is damaged or cut off: replace it"
            .formatted(file, IoFailure.reason(e)),
        e);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "the file cannot be closed: " + IoFailure.reason(e), e);
    }
  }

  /** Counts what was read of the file itself, which may be compressed. */
  private static final class Counted extends FilterInputStream {
    private long bytes;

    private Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      bytes += next < 0 ? 0 : 1;
      return next;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int count = super.read(to, offset, length);
      bytes += Math.max(0, count);
      return count;
    }
  }
}
