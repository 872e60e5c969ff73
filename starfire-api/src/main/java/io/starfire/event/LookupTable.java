package io.starfire.event;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.DecodingFailure;
import io.starfire.decoding.DelimitedLine;
import io.starfire.decoding.JavaValue;
import io.starfire.decoding.RecordBuilder;
import io.starfire.decoding.TimeFormat;
import io.starfire.decoding.Utf8Text;
import io.starfire.event.internal.DataReaders;
import io.starfire.event.internal.RecordReader;
import io.starfire.event.internal.Shapes;
import io.starfire.event.internal.ValueReader;
import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One version of a lookup: rows by key, read from a CSV file with a header. Immutable and
 * thread-safe.
 *
 * @param <K> type of the key: String, Integer, Long, Boolean, Instant, BigDecimal or an enum
 * @param <V> type of a row; the file has a column for each of its components, and further columns
 *     are ignored
 */
public final class LookupTable<K, V> {
  private static final int VERSION_BYTES = 16;

  private final String name;
  private final String version;
  private final Map<Object, V> rows;

  private LookupTable(String name, String version, Map<Object, V> rows) {
    this.name = name;
    this.version = version;
    this.rows = rows;
  }

  /**
   * Reads a table.
   *
   * @param name of the lookup, for messages
   * @param content of the file, UTF-8
   * @param keyType type of the key
   * @param rowType type of a row
   * @param keyColumn name of the column with the key; null means the first. It may also be a
   *     component of the row.
   * @throws StarfireException with INVALID_INPUT if a column is missing, a value does not fit its
   *     component, or a key is empty or occurs twice; the message names lookup, line and column
   */
  public static <K, V> LookupTable<K, V> loadCsv(
      String name, byte[] content, Class<K> keyType, EventType<V> rowType, String keyColumn) {
    Loader<V> loader = new Loader<>(name, keyType, rowType);
    return new LookupTable<>(name, fingerprint(content), loader.load(content, keyColumn));
  }

  /** Reads a table whose rows are Java records; errors as of the other. */
  public static <K, V> LookupTable<K, V> loadCsv(
      String name, byte[] content, Class<K> keyType, Class<V> rowType, String keyColumn) {
    return loadCsv(name, content, keyType, new RecordType<>(rowType), keyColumn);
  }

  /** The row of a key, which must not be null; empty if there is no such row. */
  public Optional<V> get(K key) {
    return Optional.ofNullable(rows.get(comparable(requireNonNull(key, "key"))));
  }

  public String name() {
    return name;
  }

  /** A fingerprint of the file's bytes. It changes when they do. */
  public String version() {
    return version;
  }

  /** The number of rows. */
  public int size() {
    return rows.size();
  }

  private static Object comparable(Object key) {
    return key instanceof BigDecimal decimal ? decimal.stripTrailingZeros() : key;
  }

  private static String fingerprint(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest, 0, VERSION_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Reads the lines, and knows where it is for the messages. */
  private static final class Loader<V> {
    private final String name;
    private final EventType<V> rowType;
    private final ValueReader keyReader;
    private final RecordReader rowReader;
    private final DelimitedLine line = new DelimitedLine(',', true, 8);
    private byte[] content;
    private int position;
    private int lineNumber;
    private int nextLineNumber = 1;

    Loader(String name, Class<?> keyType, EventType<V> rowType) {
      this.name = name;
      this.rowType = rowType;
      this.keyReader = keyReader(name, keyType);
      this.rowReader = DataReaders.record(rowType.shape(), Map.of(), component -> TimeFormat.AUTO);
    }

    private static ValueReader keyReader(String name, Class<?> keyType) {
      if (keyType == Double.class || keyType == Float.class || keyType.isPrimitive()) {
        throw new StarfireException(
            ErrorCode.INVALID_PIPELINE,
            "lookup '%s': a key must not be a %s; use a String, Long or BigDecimal"
                .formatted(name, keyType.getName()));
      }
      return Shapes.scalar(keyType)
          .map(type -> DataReaders.of(type, TimeFormat.AUTO))
          .orElseThrow(
              () ->
                  new StarfireException(
                      ErrorCode.INVALID_PIPELINE,
                      ("lookup '%s': a key must be a String, Integer, Long, Boolean, Instant,"
                              + " BigDecimal or an enum, got %s")
                          .formatted(name, keyType.getName())));
    }

    Map<Object, V> load(byte[] file, String keyColumn) {
      content = file;
      position = Utf8Text.markLength(file);
      lineNumber = 1;
      try {
        if (!next()) {
          throw new DecodingFailure("the file is empty; it must begin with a header");
        }
        List<String> header = fields().stream().map(String::trim).toList();
        return rows(header, keyIndex(header, keyColumn));
      } catch (DecodingFailure e) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "lookup '%s', line %d: %s".formatted(name, lineNumber, e.describe()),
            e);
      }
    }

    /** Goes on to the next line; false if there is none. */
    private boolean next() {
      if (position >= content.length) {
        return false;
      }
      lineNumber = nextLineNumber;
      int end = line.scan(content, position, content.length);
      for (int i = position; i < end; i++) {
        nextLineNumber += content[i] == '\n' ? 1 : 0;
      }
      position = end;
      return true;
    }

    private List<String> fields() {
      List<String> fields = new ArrayList<>(line.count());
      for (int i = 0; i < line.count(); i++) {
        fields.add(line.text(i));
      }
      return fields;
    }

    private int keyIndex(List<String> header, String keyColumn) {
      Set<String> names = new HashSet<>();
      for (String column : header) {
        if (!names.add(column)) {
          throw new DecodingFailure("the header has column '%s' twice".formatted(column));
        }
      }
      for (String component : rowReader.names()) {
        if (!names.contains(component)) {
          throw new DecodingFailure(
              "column '%s', a component of %s, is not in the header %s"
                  .formatted(component, rowType.name(), header));
        }
      }
      if (keyColumn != null && !names.contains(keyColumn)) {
        throw new DecodingFailure(
            "key column '%s' is not in the header %s".formatted(keyColumn, header));
      }
      return keyColumn == null ? 0 : header.indexOf(keyColumn);
    }

    private Map<Object, V> rows(List<String> header, int keyIndex) {
      Map<Object, V> rows = new HashMap<>();
      Map<Object, Integer> lines = new HashMap<>();
      int[] indexes = header.stream().mapToInt(rowReader::field).toArray();
      while (next()) {
        if (line.count() == 1 && line.isEmpty(0)) {
          continue;
        }
        List<String> fields = fields();
        if (fields.size() != header.size()) {
          throw new DecodingFailure(
              "%d fields were found where the header has %d"
                  .formatted(fields.size(), header.size()));
        }
        Object key = key(header.get(keyIndex), fields.get(keyIndex));
        Integer before = lines.putIfAbsent(key, lineNumber);
        if (before != null) {
          throw new DecodingFailure(
              "key '%s' is in line %d already".formatted(fields.get(keyIndex), before));
        }
        rows.put(key, row(indexes, fields));
      }
      return rows;
    }

    private Object key(String column, String text) {
      if (text.isEmpty()) {
        throw new DecodingFailure("the key in column '%s' is empty".formatted(column));
      }
      try {
        return comparable(keyReader.read(JavaValue.of(text)));
      } catch (DecodingFailure e) {
        throw e.inside(column);
      }
    }

    private V row(int[] indexes, List<String> fields) {
      RecordBuilder<Object> row = rowReader.begin();
      for (int i = 0; i < indexes.length; i++) {
        if (indexes[i] >= 0) {
          row.set(indexes[i], JavaValue.of(line.isEmpty(i) ? null : fields.get(i)));
        }
      }
      return rowType.cast(row.finish());
    }
  }
}
