package io.starfire.segment.format;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.segment.column.BlockSummaries;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the metadata says of a column. Mutable while it is being written, and then not.
 *
 * @see SegmentFormat
 */
final class ColumnDirectory {
  /** The place in the list is the number in the file. */
  private static final List<ColumnType> TYPES =
      List.of(ColumnType.STRING, ColumnType.LONG, ColumnType.DOUBLE, ColumnType.COMPLEX);

  private static final int HAS_NULLS = 1;
  private static final int MULTI_VALUED = 2;
  private static final int HAS_INDEX = 4;

  /** The name of the part that {@link #postings} are. */
  private static final String POSTINGS = "postings";

  /** The name of the part that {@link #summaries} are. */
  private static final String SUMMARIES = "summaries";

  /** The name of the part that {@link #nestedIn} is. */
  private static final String PATH = "path";

  final String name;
  final ColumnType type;
  final BlockTable data;
  final BlockTable dictionary;
  final BlockTable bitmaps;
  boolean hasNulls;
  boolean multiValued;
  boolean hasIndex;
  long min = Long.MAX_VALUE;
  long max = Long.MIN_VALUE;
  int cardinality;

  /** The column of nested values of which this one is a path; null for a column of the schema. */
  String nestedIn;

  /** Whether the schema says that the texts are JSON. */
  boolean json;

  /** Where the rows of ids without a bitmap are; null if every id has a bitmap, or none has. */
  Postings postings;

  /** What is known of each data block; null if nothing is. */
  BlockSummaries summaries;

  /** The same while it is written. */
  final SummaryTable summaryTable = new SummaryTable();

  ColumnDirectory(String name, ColumnType type) {
    this(
        name,
        type,
        new BlockTable(name, "data block"),
        new BlockTable(name, "dictionary page"),
        new BlockTable(name, "bitmap page"));
  }

  private ColumnDirectory(
      String name, ColumnType type, BlockTable data, BlockTable dictionary, BlockTable bitmaps) {
    this.name = name;
    this.type = type;
    this.data = data;
    this.dictionary = dictionary;
    this.bitmaps = bitmaps;
  }

  List<BlockTable> tables() {
    List<BlockTable> tables = new ArrayList<>(List.of(dictionary, data, bitmaps));
    if (postings != null) {
      tables.addAll(postings.tables());
    }
    return tables;
  }

  void write(ByteSink out) {
    out.putText(name);
    out.putByte(TYPES.indexOf(type));
    out.putByte(
        (hasNulls ? HAS_NULLS : 0) | (multiValued ? MULTI_VALUED : 0) | (hasIndex ? HAS_INDEX : 0));
    boolean ranged = type == ColumnType.LONG;
    out.putLong(ranged ? min : 0);
    out.putLong(ranged ? max : 0);
    out.putInt(cardinality);
    data.write(out);
    dictionary.write(out);
    bitmaps.write(out);
    writeParts(out);
  }

  private void writeParts(ByteSink out) {
    Map<String, Consumer<ByteSink>> parts = new LinkedHashMap<>();
    if (postings != null) {
      parts.put(POSTINGS, postings::write);
    }
    if (!summaryTable.isEmpty()) {
      parts.put(SUMMARIES, summaryTable::write);
    }
    if (nestedIn != null) {
      parts.put(PATH, part -> part.putText(nestedIn));
    }
    out.putInt(parts.size());
    parts.forEach(
        (part, content) -> {
          ByteSink bytes = new ByteSink();
          content.accept(bytes);
          out.putText(part);
          out.putInt(bytes.length());
          out.putBytes(bytes.array(), 0, bytes.length());
        });
  }

  private void readParts(ByteBuffer in) {
    for (int count = in.getInt(); count > 0; count--) {
      String part = text(in);
      int length = in.getInt();
      ByteBuffer content = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      in.position(in.position() + length);
      switch (part) {
        case POSTINGS -> postings = Postings.read(content, name, cardinality);
        case PATH -> nestedIn = text(content);
        case SUMMARIES -> summaries = SummaryTable.read(content, data.count());
        default ->
            throw new StarfireException(
                ErrorCode.UNSUPPORTED,
                "column '%s' has a part '%s', which this program does not know; read the file with the program that wrote it, or a later one"
                    .formatted(name, part));
      }
    }
  }

  /**
   * @param version of the format of the file
   */
  static ColumnDirectory read(ByteBuffer in, int version) {
    String name = text(in);
    ColumnType type = TYPES.get(in.get());
    int flags = in.get();
    long min = in.getLong();
    long max = in.getLong();
    int cardinality = in.getInt();
    ColumnDirectory column =
        new ColumnDirectory(
            name,
            type,
            BlockTable.read(in, name, "data block"),
            BlockTable.read(in, name, "dictionary page"),
            BlockTable.read(in, name, "bitmap page"));
    column.hasNulls = (flags & HAS_NULLS) != 0;
    column.multiValued = (flags & MULTI_VALUED) != 0;
    column.hasIndex = (flags & HAS_INDEX) != 0;
    column.min = min;
    column.max = max;
    column.cardinality = cardinality;
    if (version >= SegmentFormat.FIRST_WITH_PARTS) {
      column.readParts(in);
    }
    return column;
  }

  static String text(ByteBuffer in) {
    byte[] utf8 = new byte[in.getInt()];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
