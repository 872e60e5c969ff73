package io.starfire.segment.ingest;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import io.starfire.decoding.DecodingFailure;
import io.starfire.decoding.DelimitedLine;
import io.starfire.decoding.RawRecord;
import io.starfire.decoding.Utf8Text;
import io.starfire.event.DataRow;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads the rows of a text file: one JSON object a line, or separated values with or without a
 * header. A file whose name ends in {@code .gz} is unpacked by gzip. Lines end with LF or CR LF.
 * Blank lines, and a byte order mark at the start, are skipped. Not thread-safe.
 */
public final class RecordFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;
  private static final int MAX_LINE_BYTES = 64 << 20;

  private final Path path;
  private final InputStream in;
  private final RecordDecoder decoder;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;
  private int lineStart;
  private int lineEnd;
  private boolean atEnd;
  private long lineNumber;
  private long bytes;

  private RecordFile(Path path, InputStream in, RowSpec spec, DimensionCatalog catalog) {
    this.path = path;
    this.in = in;
    this.decoder = RecordDecoder.of(withHeader(spec), catalog);
  }

  /**
   * Opens a file and reads its header, if the format says that it has one.
   *
   * @param catalog receives the discovered dimensions; all files of a run share it
   * @throws StarfireException with NOT_FOUND if there is no such file, INVALID_INPUT if its header
   *     is missing or wrong, UNAVAILABLE if it cannot be read
   */
  public static RecordFile open(Path path, RowSpec spec, DimensionCatalog catalog) {
    requireNonNull(spec, "spec");
    InputStream file = null;
    RecordFile opened = null;
    try {
      file = Files.newInputStream(path);
      boolean packed = path.getFileName().toString().endsWith(".gz");
      InputStream in = packed ? new GZIPInputStream(file, BUFFER_BYTES) : file;
      opened = new RecordFile(path, in, spec, catalog);
      return opened;
    } catch (NoSuchFileException e) {
      throw new StarfireException(ErrorCode.NOT_FOUND, "there is no file %s".formatted(path), e);
    } catch (IOException e) {
      throw unreadable(path, e);
    } finally {
      if (opened == null && file != null) {
        closeQuietly(file);
      }
    }
  }

  /**
   * The next row; null at the end of the file.
   *
   * @param isTaken whether the caller takes rows of a time: see {@link RecordDecoder#decode}
   * @throws RejectedRecordException if the line {@link #lineNumber} is not a row; the next call
   *     reads the line after it
   * @throws StarfireException with CORRUPT or UNAVAILABLE if the file cannot be read further
   */
  public DataRow next(LongPredicate isTaken) {
    while (nextLine()) {
      if (lineEnd > lineStart) {
        return decoder.decode(RawRecord.ofValue(buffer, lineStart, lineEnd - lineStart), isTaken);
      }
    }
    return null;
  }

  /** The number of the line that was read last, from 1. */
  public long lineNumber() {
    return lineNumber;
  }

  /** Bytes read so far, unpacked. */
  public long bytesRead() {
    return bytes;
  }

  @Override
  public void close() {
    closeQuietly(in);
  }

  private RowSpec withHeader(RowSpec spec) {
    skipByteOrderMark();
    if (!(spec.format() instanceof RecordFormat.Delimited format)) {
      return spec;
    }
    for (int i = 0; i < format.skipHeaderRows(); i++) {
      nextLine();
    }
    if (!format.columnsFromHeader()) {
      return spec;
    }
    if (!nextLine()) {
      throw invalid("the file is empty, and its first line must name the columns");
    }
    List<String> names;
    try {
      names = DelimitedLine.names(buffer, lineStart, lineEnd, format.delimiter(), format.quoted());
    } catch (DecodingFailure e) {
      throw invalid("its header cannot be read: " + e.describe());
    }
    Set<String> distinct = new HashSet<>();
    for (String name : names) {
      if (name.isEmpty() || !distinct.add(name)) {
        throw invalid(
            "its header must have different names, got %s"
                .formatted(name.isEmpty() ? "an empty one" : "'" + name + "' twice"));
      }
    }
    requireColumns(spec, distinct);
    return new RowSpec(
        spec.schema(),
        spec.discovery(),
        spec.time(),
        format.withColumns(names),
        spec.metricFields(),
        spec.multiValues());
  }

  private void requireColumns(RowSpec spec, Set<String> header) {
    if (spec.time().missingMillis().isEmpty() && !header.contains(spec.time().column())) {
      throw invalid(
          "its header does not have the time column '%s', it has %s"
              .formatted(spec.time().column(), header));
    }
    for (String field : spec.metricFields()) {
      if (field != null && !header.contains(field)) {
        throw invalid(
            "its header does not have '%s', which a metric reads, it has %s"
                .formatted(field, header));
      }
    }
  }

  private void skipByteOrderMark() {
    while (!atEnd && limit < 3) {
      fill();
    }
    if (limit >= 3
        && buffer[0] == (byte) 0xEF
        && buffer[1] == (byte) 0xBB
        && buffer[2] == (byte) 0xBF) {
      position = 3;
    }
  }

  /** Goes to the next line; false if there is none. */
  private boolean nextLine() {
    int at = position;
    while (true) {
      at = Utf8Text.indexOf(buffer, at, limit, (byte) '\n');
      if (at < limit) {
        setLine(at);
        position = at + 1;
        return true;
      }
      if (atEnd) {
        if (position == limit) {
          return false;
        }
        setLine(limit);
        position = limit;
        return true;
      }
      int scanned = at - position;
      fill();
      at = position + scanned;
    }
  }

  private void setLine(int end) {
    lineNumber++;
    lineStart = position;
    lineEnd = end > position && buffer[end - 1] == '\r' ? end - 1 : end;
  }

  /**
   * Reads more behind what is held, from the current line on. Lines that were read lie in the rows
   * that were made of them, so that their bytes are never overwritten.
   */
  private void fill() {
    if (position > 0) {
      byte[] next = new byte[Math.max(BUFFER_BYTES, limit - position)];
      System.arraycopy(buffer, position, next, 0, limit - position);
      buffer = next;
      limit -= position;
      position = 0;
    }
    if (limit == buffer.length) {
      if (limit >= MAX_LINE_BYTES) {
        throw new StarfireException(
            ErrorCode.CAPACITY_EXCEEDED,
            "%s, line %d: a line may have at most %d bytes; check that the file is text with one row a line"
                .formatted(path, lineNumber + 1, MAX_LINE_BYTES));
      }
      buffer = Arrays.copyOf(buffer, limit * 2);
    }
    try {
      int read = in.read(buffer, limit, buffer.length - limit);
      if (read < 0) {
        atEnd = true;
      } else {
        limit += read;
        bytes += read;
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private StarfireException invalid(String problem) {
    return new StarfireException(ErrorCode.INVALID_INPUT, "%s: %s".formatted(path, problem));
  }

  private static StarfireException unreadable(Path path, IOException e) {
    if (e instanceof EOFException || e instanceof ZipException) {
      return new StarfireException(
          ErrorCode.CORRUPT,
          "%s is not a whole gzip file: %s; get it again".formatted(path, e.getMessage()),
          e);
    }
    return new StarfireException(
        ErrorCode.UNAVAILABLE, "%s cannot be read: %s".formatted(path, IoFailure.reason(e)), e);
  }

  private static void closeQuietly(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      // Nothing was written, and all that was read has been seen.
    }
  }
}
