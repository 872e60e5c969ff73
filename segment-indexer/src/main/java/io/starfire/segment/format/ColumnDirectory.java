package io.starfire.segment.format;

import io.starfire.event.ColumnType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the metadata says of a column. Mutable while it is being written, and then not.
 *
 * @see SegmentFormat
 */
final class ColumnDirectory {
  /** The place in the list is the number in the file. */
  private static final List<ColumnType> TYPES =
      List.of(ColumnType.STRING, ColumnType.LONG, ColumnType.DOUBLE);

  private static final int HAS_NULLS = 1;
  private static final int MULTI_VALUED = 2;
  private static final int HAS_BITMAPS = 4;

  final String name;
  final ColumnType type;
  final BlockTable data;
  final BlockTable dictionary;
  final BlockTable bitmaps;
  boolean hasNulls;
  boolean multiValued;
  boolean hasBitmaps;
  long min = Long.MAX_VALUE;
  long max = Long.MIN_VALUE;
  int cardinality;

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
    return List.of(dictionary, data, bitmaps);
  }

  void write(ByteSink out) {
    out.putText(name);
    out.putByte(TYPES.indexOf(type));
    out.putByte(
        (hasNulls ? HAS_NULLS : 0)
            | (multiValued ? MULTI_VALUED : 0)
            | (hasBitmaps ? HAS_BITMAPS : 0));
    boolean ranged = type == ColumnType.LONG;
    out.putLong(ranged ? min : 0);
    out.putLong(ranged ? max : 0);
    out.putInt(cardinality);
    data.write(out);
    dictionary.write(out);
    bitmaps.write(out);
  }

  static ColumnDirectory read(ByteBuffer in) {
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
    column.hasBitmaps = (flags & HAS_BITMAPS) != 0;
    column.min = min;
    column.max = max;
    column.cardinality = cardinality;
    return column;
  }

  static String text(ByteBuffer in) {
    byte[] utf8 = new byte[in.getInt()];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
