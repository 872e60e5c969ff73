package io.starfire.segment.format;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * The rows of the ids of a STRING column that few rows hold, packed in the order of ids, and which
 * ids have a bitmap instead. A bitmap of one row takes 28 bytes, and a packed row 2 or 3: half of a
 * file with keys was bitmaps. Once read, thread-safe.
 *
 * @see SegmentFormat
 */
final class Postings {
  /** Numbers that are unpacked at once. */
  private static final int CHUNK = 1024;

  /** For each id where its rows end. */
  final BlockTable ends;

  final BlockTable rows;

  /** How many ids there are. */
  private final int cardinality;

  /** Ids that have a bitmap, ascending. */
  private int[] bitmapIds = new int[0];

  private int[] bitmapRows = new int[0];
  private int bitmapCount;

  Postings(String column, int cardinality) {
    this(
        new BlockTable(column, "block of ends"),
        new BlockTable(column, "block of rows"),
        cardinality);
  }

  private Postings(BlockTable ends, BlockTable rows, int cardinality) {
    this.ends = ends;
    this.rows = rows;
    this.cardinality = cardinality;
  }

  List<BlockTable> tables() {
    return List.of(ends, rows);
  }

  long totalBytes() {
    return ends.totalBytes() + rows.totalBytes();
  }

  /** Notes that an id, above the ones before, has a bitmap of so many rows. */
  void addBitmap(int id, int rowCount) {
    if (bitmapCount == bitmapIds.length) {
      int more = Math.max(16, bitmapCount * 2);
      bitmapIds = Arrays.copyOf(bitmapIds, more);
      bitmapRows = Arrays.copyOf(bitmapRows, more);
    }
    bitmapIds[bitmapCount] = id;
    bitmapRows[bitmapCount++] = rowCount;
  }

  void write(ByteSink out) {
    out.putInt(bitmapCount);
    for (int i = 0; i < bitmapCount; i++) {
      out.putInt(bitmapIds[i]);
      out.putInt(bitmapRows[i]);
    }
    ends.write(out);
    rows.write(out);
  }

  /**
   * @param cardinality how many ids the column has
   */
  static Postings read(ByteBuffer in, String column, int cardinality) {
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / 8) {
      throw new IllegalArgumentException(
          "%d bitmaps do not fit %d bytes".formatted(count, in.remaining()));
    }
    int[] ids = new int[count];
    int[] rowCounts = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = in.getInt();
      rowCounts[i] = in.getInt();
    }
    Postings postings =
        new Postings(
            BlockTable.read(in, column, "block of ends"),
            BlockTable.read(in, column, "block of rows"),
            cardinality);
    postings.bitmapIds = ids;
    postings.bitmapRows = rowCounts;
    postings.bitmapCount = count;
    return postings;
  }

  /** The place of an id among those that have a bitmap, or a negative number. */
  int bitmapOf(int id) {
    return Arrays.binarySearch(bitmapIds, 0, bitmapCount, id);
  }

  int bitmapCount() {
    return bitmapCount;
  }

  /** The id that has a bitmap, by its place among them. */
  int bitmapId(int bitmap) {
    return bitmapIds[bitmap];
  }

  /** Reads for ids {@code [firstId, firstId + count)} how many rows hold each. */
  void readCounts(MappedFile file, int firstId, int count, int[] out) {
    Ends cursor = new Ends(file);
    for (int i = 0; i < count; i++) {
      cursor.moveTo(firstId + i);
      out[i] = cursor.end() - cursor.start();
    }
    int at = bitmapOf(firstId);
    for (int i = at < 0 ? -at - 1 : at; i < bitmapCount && bitmapIds[i] < firstId + count; i++) {
      out[bitmapIds[i] - firstId] = bitmapRows[i];
    }
  }

  /** The rows of an id that has no bitmap. */
  MutableRoaringBitmap rowsOf(MappedFile file, int id) {
    Ends cursor = new Ends(file);
    cursor.moveTo(id);
    int[] found = new int[cursor.end() - cursor.start()];
    readInts(rows, file, cursor.start(), found.length, found);
    MutableRoaringBitmap bitmap = new MutableRoaringBitmap();
    bitmap.addN(found, 0, found.length);
    return bitmap;
  }

  /** Adds the rows that hold any of some ids; those of ids with a bitmap are left out. */
  void addRowsOf(MappedFile file, BitSet ids, RowUnion union) {
    Ends cursor = new Ends(file);
    int[] chunk = new int[CHUNK];
    int id = ids.nextSetBit(0);
    while (id >= 0) {
      int stop = ids.nextClearBit(id);
      cursor.moveTo(id);
      int from = cursor.start();
      cursor.moveTo(stop - 1);
      int to = cursor.end();
      for (int at = from; at < to; at += CHUNK) {
        int count = Math.min(CHUNK, to - at);
        readInts(rows, file, at, count, chunk);
        union.add(chunk, count);
      }
      id = ids.nextSetBit(stop);
    }
  }

  private static void readInts(BlockTable table, MappedFile file, int from, int count, int[] out) {
    int done = 0;
    while (done < count) {
      int at = from + done;
      int index = at / SegmentFormat.BLOCK_ROWS;
      int inBlock = at % SegmentFormat.BLOCK_ROWS;
      int length = Math.min(count - done, SegmentFormat.BLOCK_ROWS - inBlock);
      Block block = new Block(file, table.offset(index, file));
      LongEncoding.of(block.encoding).decodeInts(block, inBlock, length, out, done);
      done += length;
    }
  }

  /** Where the rows of an id lie, for ids that mostly ascend: ends are unpacked many at a time. */
  private final class Ends {
    private final MappedFile file;
    private final int[] chunk = new int[CHUNK];
    private int first = -CHUNK;

    /** The end of the id before the chunk. */
    private int before;

    private int at;

    Ends(MappedFile file) {
      this.file = file;
    }

    void moveTo(int id) {
      at = id - first;
      if ((at < 0 || at >= CHUNK) && ends.count() > 0) {
        fill(id & -CHUNK);
        at = id - first;
      }
    }

    private void fill(int newFirst) {
      if (newFirst == 0) {
        before = 0;
      } else if (newFirst == first + CHUNK) {
        before = chunk[CHUNK - 1];
      } else {
        readInts(ends, file, newFirst - 1, 1, chunk);
        before = chunk[0];
      }
      first = newFirst;
      readInts(ends, file, first, Math.min(CHUNK, cardinality - first), chunk);
    }

    int start() {
      return ends.count() == 0 ? 0 : at == 0 ? before : chunk[at - 1];
    }

    int end() {
      return ends.count() == 0 ? 0 : chunk[at];
    }
  }

  /** Packs rows and ends of consecutive ids. Not thread-safe. */
  static final class Writer {
    private final Postings postings;
    private final SegmentOutput output;
    private final long[] ends = new long[SegmentFormat.BLOCK_ROWS];
    private final long[] rows = new long[SegmentFormat.BLOCK_ROWS];
    private final ByteSink block = new ByteSink();
    private int endCount;
    private int rowCount;
    private long end;

    Writer(Postings postings, SegmentOutput output) {
      this.postings = postings;
      this.output = output;
    }

    /** Adds the rows of the next id; none if it has a bitmap. */
    void add(int[] ofId, int from, int count) {
      for (int i = from; i < from + count; i++) {
        rows[rowCount++] = ofId[i];
        if (rowCount == rows.length) {
          writeRows();
        }
      }
      end += count;
      ends[endCount++] = end;
      if (endCount == ends.length) {
        writeEnds();
      }
    }

    void finish() {
      if (end == 0) {
        // No id has postings: then there are no ends either.
        return;
      }
      if (rowCount > 0) {
        writeRows();
      }
      if (endCount > 0) {
        writeEnds();
      }
    }

    private void writeRows() {
      write(rows, rowCount, postings.rows);
      rowCount = 0;
    }

    private void writeEnds() {
      write(ends, endCount, postings.ends);
      endCount = 0;
    }

    private void write(long[] numbers, int count, BlockTable table) {
      block.clear();
      LongBlocks.encode(numbers, count, null, block);
      output.append(block, table, 0);
    }
  }
}
