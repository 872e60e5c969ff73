package io.starfire.segment.format;

/**
 * The segment file, version 2. This comment is its specification. What version 1 has otherwise is
 * said at the end.
 *
 * <p>A segment file holds the rows of one data source over one interval, in columns. It does not
 * hold the segment's version and partition number, which are handed out after it is written; those
 * are in the {@link io.starfire.segment.SegmentId} by which it is stored. All numbers are little
 * endian. Everything starts at a multiple of 8 bytes; the bytes between are zero and belong to what
 * comes before them, so that every byte of the file is under some CRC32C.
 *
 * <pre>
 * file       := header  { dictionary page | data block | bitmap page }*  metadata  footer
 * header     := magic (8 bytes, {@link #MAGIC})  version (int)  rows in a data block (int)
 *               12 zero bytes  CRC32C of the 28 bytes before (int)
 * footer     := offset of the metadata (long)  its length (int)  its CRC32C (int)
 *               length of the file (long)  CRC32C of the 24 bytes before (int)  {@link #END_MAGIC} (int)
 * </pre>
 *
 * The file is at most 2 GB less one page, so that one memory map holds it and offsets are ints.
 *
 * <h2>Metadata</h2>
 *
 * <pre>
 * metadata   := schema (text: JSON of DataSourceSchema)  interval start, end (long, long)
 *               rows (int)  events (long)  smallest time, largest time (long, long; 0, -1 if no rows)
 *               columns (int)  column*  zero bytes to a multiple of 8
 * column     := name (text)  type (byte: 0 STRING, 1 LONG, 2 DOUBLE, 3 COMPLEX)
 *               flags (byte: 1 some value is null, 2 several values in some row, 4 has bitmaps)
 *               smallest, largest value (long, long; LONG only, else 0; nulls left out; largest below
 *               smallest if there is none)
 *               cardinality (int; STRING only, else 0)
 *               table of data blocks  table of dictionary pages  table of bitmap pages
 *               parts (int)  part*
 * part       := name (text)  length (int, bytes)  content
 * table      := count (int)  { offset in the file (int, in units of 8 bytes)  length (int, bytes)
 *               CRC32C (int)  first id (int; 0 for data blocks) }*
 * text       := length (int, bytes)  UTF-8
 * </pre>
 *
 * Columns are {@code __time}, the dimensions and the metrics, in the schema's order. Rows are
 * sorted by time, then by the dimensions in order: strings by UTF-8 bytes, lists value by value
 * with the shorter first, numbers ascending, doubles as {@link Double#compare} has them, null
 * before everything. If the schema rolls up, no two rows agree in all of these.
 *
 * <p>Parts say what not every column has. Each has a name of its own, and is written where it says
 * something, so that a further part changes nothing for the others. A reader refuses a part whose
 * name it does not know. Tables in parts are those of further blocks, which lie among the data
 * blocks. The parts are:
 *
 * <pre>
 * postings   := bitmaps (int)  { id (int)  rows that hold it (int) }*
 *               table of data blocks of ends  table of data blocks of rows
 * path       := column of nested values (text)
 * summaries  := { kind (byte: 0 nothing is known, 1 integers, 2 doubles, 3 integers without a sum)
 *               scale (byte)  2 zero bytes  null rows (int)
 *               smallest, largest value (long, long; bits of doubles)  sum (long) }*
 * </pre>
 *
 * Summaries say of each data block what its values are, nulls left out; the largest is below the
 * smallest if all are null. Integers are the longs, the ids, or, if all doubles of the block are
 * decimals, these times {@code 10^scale}, with the fewest digits that give back the same bits, at
 * most 6. A sum of ids means nothing. Nothing is known if a value is NaN.
 *
 * <h2>Nested values</h2>
 *
 * The values of a dimension with {@code "json": true} in the schema are JSON text, without blanks.
 * For some of the paths at which its values have texts, numbers or truth values there are columns,
 * after those of the schema: each has the part {@code path}, and the name of the dimension, a zero
 * character and the path as name. A row is null there if its value has no scalar at the path. The
 * type is LONG or DOUBLE if the text of each scalar is that which Java writes for the number, else
 * STRING. Such columns can be left out: what they say is in the values.
 *
 * <h2>Strings</h2>
 *
 * A STRING column has a dictionary of its distinct values, in ascending order of their UTF-8 bytes;
 * if null occurs it has id 0 and is not in the pages. Every id occurs in some row. Pages hold
 * consecutive values and about {@link #DICTIONARY_PAGE_BYTES} bytes of them.
 *
 * <pre>
 * dictionary page := values (int)  length of the first value (int)  compression (int: 0 none, 1 LZ4)
 *                    length of body (int)  length of the body when stored (int)  0 (int)
 *                    the first value (UTF-8), zero bytes to a multiple of 8, stored body
 * body            := { end of the value in the text (int) }*  text
 * </pre>
 *
 * The body holds all values of the page, the first one too. It is compressed only if that makes it
 * smaller by a third: reading a value from a compressed page costs some microseconds.
 *
 * <p>A column with the flag 4 has an index: for each id, the rows that hold it. The rows of all ids
 * that have no bitmap lie behind one another in the order of ids, ascending for each id, and are
 * stored in data blocks, {@link #BLOCK_ROWS} numbers in each: the blocks of rows. The blocks of
 * ends say for each id where its rows end in that sequence; they begin where those of the id before
 * end. An id that is held by more than one row in {@link #ROWS_FOR_A_BITMAP} has a bitmap instead,
 * since a bitmap is then smaller and joined faster; the part {@code postings} names these ids in
 * ascending order. If all ids have a bitmap, both tables are empty.
 *
 * <p>Bitmap pages hold the rows of such ids, in order, as Roaring bitmaps in the portable format.
 * The first id in their table is the place of the page's first bitmap in that list.
 *
 * <pre>
 * bitmap page     := bitmaps (int)  { end of the bitmap (int, from the first bitmap's start) }*
 *                    zero bytes to a multiple of 8, bitmaps (each padded to a multiple of 8)
 * </pre>
 *
 * <h2>Data blocks</h2>
 *
 * Each column has a block for each {@link #BLOCK_ROWS} rows; the last may be shorter. Strings are
 * stored as ids.
 *
 * <pre>
 * data block      := encoding (byte)  bit width (byte)  flags (byte: 1 has nulls)  scale (byte)
 *                    rows (int)  base (long)  parameter (long)
 *                    [ one bit for each row, 1 if it is null, in longs, low bits first ]
 *                    payload
 * </pre>
 *
 * A null is stored as the value 0 (for doubles, as 0.0). Doubles are stored as their bits, save in
 * encoding 5. Packed numbers of {@code w} bits are a little-endian bit stream: number {@code i} is
 * the bits {@code [i w, (i + 1) w)}; 8 zero bytes follow the last, so that each can be read by one
 * long at its first byte. The encoding of a block is the smallest of those that can hold it:
 *
 * <pre>
 * 0 constant      no payload; every value is base
 * 1 packed        value = base + parameter * packed number of the bit width (1 to 56)
 * 2 delta         values do not decrease. { value of row 0, {@link #CHECKPOINT_ROWS}, ... (long) }*
 *                 packed numbers; value = value of the row before + parameter * packed number
 * 3 run length    parameter runs: { row after the run (int) }*, zero bytes, { value (long) }*
 * 4 raw           longs, or the bits of doubles
 * 5 decimal       doubles only: value = (base + packed number) / 10^scale, where that gives back
 *                 exactly the same bits
 * 6 lists         strings only: base values in all. Two data blocks: {@code rows + 1} starts of the
 *                 rows' values, and at payload + parameter the ids. Each has the encodings above
 * 7 bytes         COMPLEX only: base bytes in all. A data block with {@code rows + 1} starts of the
 *                 rows' bytes, and at payload + parameter the bytes. A null has none
 * </pre>
 *
 * <h2>Version 1</h2>
 *
 * There are no COMPLEX columns, and columns have no parts. A column with the flag 4 has a bitmap
 * for every id, and the first id in the table of bitmap pages is that of the page's first bitmap.
 * Data blocks of the same rows lie together.
 */
public final class SegmentFormat {
  /** The first bytes of every segment file: {@code STARSEG} and a newline, as bytes. */
  public static final long MAGIC = 0x0A47455352415453L;

  /** The last four bytes of every segment file: {@code RATS}, as bytes. */
  public static final int END_MAGIC = 0x53544152;

  /** The version that is written. Older ones are read, too. */
  public static final int VERSION = 2;

  /** The oldest version that is read. */
  static final int OLDEST_VERSION = 1;

  /** The first version whose columns have parts. */
  static final int FIRST_WITH_PARTS = 2;

  /** Rows in a data block; the last of a column may have fewer. */
  public static final int BLOCK_ROWS = 8192;

  /** Rows between the values from which a delta block can be read. */
  public static final int CHECKPOINT_ROWS = 1024;

  /** Bytes of text at which a dictionary page is full. */
  public static final int DICTIONARY_PAGE_BYTES = 16 * 1024;

  /** Bytes of bitmaps at which a bitmap page is full. */
  public static final int BITMAP_PAGE_BYTES = 64 * 1024;

  /** An id that is held by more than one row in so many has a bitmap. */
  public static final int ROWS_FOR_A_BITMAP = 64;

  /** The largest file, in bytes. */
  public static final long MAX_FILE_BYTES = Integer.MAX_VALUE - 4095L;

  /** What segment files are called, after the segment's name. */
  public static final String FILE_SUFFIX = ".segment";

  static final int HEADER_BYTES = 32;
  static final int FOOTER_BYTES = 32;
  static final int BLOCK_HEADER_BYTES = 24;

  private SegmentFormat() {}

  /** Rounds up to a multiple of 8. */
  static int align(int bytes) {
    return (bytes + 7) & ~7;
  }
}
