package io.starfire.segment.format;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.json.JsonLeaves;
import io.starfire.segment.json.JsonPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Writes the columns of what nested values have at their paths, which a query reads as it reads any
 * column. Each distinct value is parsed a few times, in the order of the dictionary: once to find
 * the paths, and once for each group of paths of which there is room for one number for each value.
 * Not thread-safe.
 */
final class PathColumns {
  /** Columns of one column of nested values; further paths are read from the values. */
  static final int MAX_PATHS = 100;

  /** Paths that are counted, and objects on the way to them. */
  private static final int MAX_FOUND = 2_000;

  /** Numbers of values that are held, 4 bytes each. */
  private static final int BUDGET = 16 << 20;

  /**
   * Characters of distinct texts that are held; beyond it the path with the most gets no column.
   */
  private static final long MAX_CHARACTERS = 32L << 20;

  /** What a text takes besides, as characters. */
  private static final int CHARACTERS_OF_TEXT = 50;

  private final ColumnDirectory json;
  private final StringColumn documents;
  private final int rows;
  private final ColumnBlocks blocks;
  private final SegmentOutput output;
  private final long maxCharacters;
  private final List<Written> written = new ArrayList<>();
  private final ByteSink block = new ByteSink();
  private final int[] ids = new int[SegmentFormat.BLOCK_ROWS];

  /**
   * A column.
   *
   * @param idCounts of a STRING column how often each id occurs; else empty
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Written(ColumnDirectory column, int[] idCounts) {}

  /**
   * @param json the directory of the column of nested values
   * @param documents that column, whose rows are written
   * @param blocks which write numbers
   */
  PathColumns(
      ColumnDirectory json,
      StringColumn documents,
      int rows,
      ColumnBlocks blocks,
      SegmentOutput output) {
    this(json, documents, rows, blocks, output, MAX_CHARACTERS);
  }

  PathColumns(
      ColumnDirectory json,
      StringColumn documents,
      int rows,
      ColumnBlocks blocks,
      SegmentOutput output,
      long maxCharacters) {
    this.maxCharacters = maxCharacters;
    this.json = json;
    this.documents = documents;
    this.rows = rows;
    this.blocks = blocks;
    this.output = output;
  }

  List<Written> write() {
    List<JsonPath> paths = chosen();
    int group = Math.max(1, BUDGET / Math.max(1, documents.cardinality()));
    for (int from = 0; from < paths.size(); from += group) {
      writeGroup(paths.subList(from, Math.min(paths.size(), from + group)));
    }
    return written;
  }

  /** Those that most values have, in the order of their text. */
  private List<JsonPath> chosen() {
    JsonLeaves leaves = new JsonLeaves(MAX_FOUND);
    int[] counts = new int[MAX_FOUND];
    for (int id = 0; id < documents.cardinality(); id++) {
      String document = documents.value(id);
      if (document != null) {
        leaves.read(document, (path, text) -> counts[path]++);
      }
    }
    List<JsonPath> found = leaves.paths();
    return IntStream.range(0, found.size())
        .boxed()
        .sorted(
            Comparator.<Integer>comparingInt(path -> -counts[path])
                .thenComparing(path -> found.get(path).toString()))
        .limit(MAX_PATHS)
        .map(found::get)
        .sorted(Comparator.comparing(JsonPath::toString))
        .toList();
  }

  /** The distinct texts at a path, and which of them each value has. */
  private static final class Texts {
    private final Map<String, Integer> codes = new HashMap<>();
    private final List<String> texts = new ArrayList<>();

    /** Of each value one more than the place of its text; 0 for none. */
    private final int[] codeOf;

    private long characters;
    private boolean dropped;

    Texts(int values) {
      this.codeOf = new int[values];
    }

    /** Returns how many more characters are held. */
    int set(int value, String text) {
      if (dropped) {
        return 0;
      }
      Integer code = codes.get(text);
      int added = 0;
      if (code == null) {
        added = text.length() + CHARACTERS_OF_TEXT;
        characters += added;
        texts.add(text);
        code = texts.size();
        codes.put(text, code);
      }
      codeOf[value] = code;
      return added;
    }

    /** Gives up the texts; returns how many characters fewer are held. */
    long drop() {
      long held = characters;
      characters = 0;
      codes.clear();
      texts.clear();
      dropped = true;
      return held;
    }
  }

  private void writeGroup(List<JsonPath> paths) {
    JsonLeaves leaves = JsonLeaves.of(paths);
    List<Texts> found = new ArrayList<>();
    paths.forEach(path -> found.add(new Texts(documents.cardinality())));
    long[] characters = new long[1];
    for (int id = 0; id < documents.cardinality(); id++) {
      String document = documents.value(id);
      int value = id;
      if (document != null) {
        leaves.read(document, (path, text) -> characters[0] += found.get(path).set(value, text));
      }
      while (characters[0] > maxCharacters) {
        characters[0] -= largest(found).drop();
      }
    }
    for (int path = 0; path < found.size(); path++) {
      if (!found.get(path).dropped) {
        writeColumn(paths.get(path), found.get(path));
      }
    }
  }

  private static Texts largest(List<Texts> all) {
    return Collections.max(all, Comparator.comparingLong(texts -> texts.characters));
  }

  /** A text is stored as a number where that gives back the same text. */
  private void writeColumn(JsonPath path, Texts found) {
    boolean longs = found.texts.stream().allMatch(PathColumns::isLong);
    boolean doubles = !longs && found.texts.stream().allMatch(PathColumns::isDouble);
    ColumnType type = longs ? ColumnType.LONG : doubles ? ColumnType.DOUBLE : ColumnType.STRING;
    ColumnDirectory column = new ColumnDirectory(path.columnName(json.name), type);
    column.nestedIn = json.name;
    if (type == ColumnType.STRING) {
      writeTexts(column, found);
      return;
    }
    long[] byCode = new long[1 + found.texts.size()];
    for (int code = 1; code < byCode.length; code++) {
      String text = found.texts.get(code - 1);
      byCode[code] =
          longs ? Long.parseLong(text) : Double.doubleToRawLongBits(Double.parseDouble(text));
    }
    long[] values = new long[SegmentFormat.BLOCK_ROWS];
    boolean[] nulls = new boolean[SegmentFormat.BLOCK_ROWS];
    for (int from = 0; from < rows; from += values.length) {
      int count = Math.min(values.length, rows - from);
      documents.readIds(from, count, ids);
      boolean anyNull = false;
      for (int i = 0; i < count; i++) {
        int code = found.codeOf[ids[i]];
        values[i] = byCode[code];
        nulls[i] = code == 0;
        anyNull |= nulls[i];
      }
      if (longs) {
        blocks.writeLongs(column, values, anyNull ? nulls : null, count);
      } else {
        blocks.writeDoubles(column, values, anyNull ? nulls : null, count);
      }
    }
    written.add(new Written(column, new int[0]));
  }

  private static boolean isLong(String text) {
    if (text.isEmpty() || text.length() > 20) {
      return false;
    }
    try {
      return Long.toString(Long.parseLong(text)).equals(text);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean isDouble(String text) {
    if (text.isEmpty() || text.length() > 26 || "IN".indexOf(text.charAt(0)) >= 0) {
      return false;
    }
    try {
      double value = Double.parseDouble(text);
      return Double.isFinite(value) && Double.toString(value).equals(text);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private void writeTexts(ColumnDirectory column, Texts found) {
    byte[][] utf8 =
        found.texts.stream()
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    int[] order =
        IntStream.range(0, utf8.length)
            .boxed()
            .sorted((a, b) -> Arrays.compareUnsigned(utf8[a], utf8[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    column.hasNulls = Arrays.stream(found.codeOf).anyMatch(code -> code == 0);
    int firstId = column.hasNulls ? 1 : 0;
    DictionaryPages.Writer dictionary =
        new DictionaryPages.Writer(column.dictionary, output, firstId);
    int[] idOfCode = new int[1 + utf8.length];
    for (int rank = 0; rank < order.length; rank++) {
      byte[] value = utf8[order[rank]];
      dictionary.add(value, 0, value.length);
      idOfCode[1 + order[rank]] = firstId + rank;
    }
    dictionary.finish();
    column.cardinality = firstId + utf8.length;
    int[] counts = new int[column.cardinality];
    long[] values = new long[SegmentFormat.BLOCK_ROWS];
    for (int from = 0; from < rows; from += values.length) {
      int count = Math.min(values.length, rows - from);
      documents.readIds(from, count, ids);
      for (int i = 0; i < count; i++) {
        int id = idOfCode[found.codeOf[ids[i]]];
        values[i] = id;
        counts[id]++;
      }
      block.clear();
      LongBlocks.encode(values, count, null, block);
      column.summaryTable.addIntegers(values, null, count, 0);
      output.append(block, column.data, 0);
    }
    written.add(new Written(column, counts));
  }
}
