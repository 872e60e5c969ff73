package io.starfire.segment.format;

import io.starfire.segment.column.ValueCursor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Factory;

/**
 * The sorted values of a STRING column. Keeps the page that was decompressed last, since ids tend
 * to be asked for in order. Thread-safe.
 */
final class DictionaryPages {
  private static final int HEADER_BYTES = 24;
  private static final int LZ4 = 1;

  private final BlockTable table;
  private volatile Page lastPage;

  DictionaryPages(BlockTable table) {
    this.table = table;
  }

  String value(MappedFile file, int id) {
    return new String(utf8(file, id), StandardCharsets.UTF_8);
  }

  byte[] utf8(MappedFile file, int id) {
    int number = table.blockOfId(id);
    return page(file, number).value(id - table.firstId(number));
  }

  /** The id of a value, or a negative number if it does not occur. */
  int idOf(MappedFile file, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    int low = 0;
    int high = table.count() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (Arrays.compareUnsigned(firstValue(file, middle), utf8) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    if (table.count() == 0) {
      return -1;
    }
    int index = page(file, low).find(utf8);
    return index < 0 ? -1 : table.firstId(low) + index;
  }

  private byte[] firstValue(MappedFile file, int number) {
    int at = table.offset(number, file);
    byte[] first = new byte[file.bytes().getInt(at + 4)];
    file.bytes().get(at + HEADER_BYTES, first);
    return first;
  }

  private Page page(MappedFile file, int number) {
    Page last = lastPage;
    if (last != null && last.number == number) {
      return last;
    }
    int at = table.offset(number, file);
    ByteBuffer bytes = file.bytes();
    int count = bytes.getInt(at);
    int body = at + SegmentFormat.align(HEADER_BYTES + bytes.getInt(at + 4));
    int bodyBytes = bytes.getInt(at + 12);
    if (bytes.getInt(at + 8) != LZ4) {
      return new Page(number, count, bytes, body);
    }
    byte[] stored = new byte[bytes.getInt(at + 16)];
    bytes.get(body, stored);
    byte[] plain = new byte[bodyBytes];
    LZ4Factory.fastestInstance().safeDecompressor().decompress(stored, plain);
    Page page = new Page(number, count, ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN), 0);
    lastPage = page;
    return page;
  }

  /**
   * The values in order.
   *
   * @param firstId 1 if id 0 is null
   */
  ValueCursor values(Handle handle, int firstId) {
    return new Cursor(handle, firstId);
  }

  /** Bytes of the stored pages that are compressed. */
  long compressedBytes(MappedFile file) {
    long total = 0;
    for (int page = 0; page < table.count(); page++) {
      boolean compressed = file.bytes().getInt(table.offset(page, file) + 8) == LZ4;
      total += compressed ? table.length(page) : 0;
    }
    return total;
  }

  /** A readable page: in the file, or decompressed. */
  private static final class Page {
    private final int number;
    private final int count;
    private final ByteBuffer bytes;
    private final int at;

    Page(int number, int count, ByteBuffer bytes, int at) {
      this.number = number;
      this.count = count;
      this.bytes = bytes;
      this.at = at;
    }

    byte[] value(int index) {
      int start = index == 0 ? 0 : bytes.getInt(at + (index - 1) * 4);
      byte[] value = new byte[bytes.getInt(at + index * 4) - start];
      bytes.get(at + count * 4 + start, value);
      return value;
    }

    int find(byte[] utf8) {
      int low = 0;
      int high = count - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        int order = Arrays.compareUnsigned(value(middle), utf8);
        if (order == 0) {
          return middle;
        }
        if (order < 0) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return -1;
    }
  }

  /** Reads each page once, into an array. */
  private final class Cursor extends ValueCursor {
    private final Handle handle;
    private int nextPage;
    private int index;
    private int count;

    /** The ends of the page's values, and the text behind them. */
    private byte[] body = {};

    private ByteBuffer ends = ByteBuffer.wrap(body);
    private int end;

    Cursor(Handle handle, int firstId) {
      super(firstId);
      this.handle = handle;
    }

    @Override
    public boolean next() {
      if (index == count && !readPage()) {
        return false;
      }
      int start = end;
      end = count * 4 + ends.getInt(index++ * 4);
      set(body, start, end);
      return true;
    }

    private boolean readPage() {
      if (nextPage == table.count()) {
        return false;
      }
      MappedFile file = handle.file();
      int length = file.bytes().getInt(table.offset(nextPage, file) + 12);
      Page page = page(file, nextPage++);
      count = page.count;
      body = new byte[length];
      page.bytes.get(page.at, body);
      ends = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
      end = count * 4;
      index = 0;
      return true;
    }
  }

  /** Collects ascending values and writes them in pages. Not thread-safe. */
  static final class Writer {
    private final BlockTable table;
    private final SegmentOutput output;
    private final ByteSink ends = new ByteSink();
    private final ByteSink text = new ByteSink();
    private final ByteSink body = new ByteSink();
    private final ByteSink page = new ByteSink();
    private byte[] first = new byte[0];
    private int nextId;
    private int count;

    /**
     * @param firstId of the first value: 1 if id 0 is null
     */
    Writer(BlockTable table, SegmentOutput output, int firstId) {
      this.table = table;
      this.output = output;
      this.nextId = firstId;
    }

    /** Adds the next value, in UTF-8. */
    void add(byte[] utf8, int from, int to) {
      if (count == 0) {
        first = Arrays.copyOfRange(utf8, from, to);
      }
      text.putBytes(utf8, from, to - from);
      ends.putInt(text.length());
      count++;
      nextId++;
      if (text.length() + ends.length() >= SegmentFormat.DICTIONARY_PAGE_BYTES) {
        finish();
      }
    }

    void finish() {
      if (count == 0) {
        return;
      }
      body.clear();
      body.putBytes(ends.array(), 0, ends.length());
      body.putBytes(text.array(), 0, text.length());
      byte[] compressed =
          LZ4Factory.fastestInstance().fastCompressor().compress(body.array(), 0, body.length());
      boolean pays = compressed.length < body.length() / 3 * 2;
      int stored = pays ? compressed.length : body.length();
      page.clear();
      page.putInt(count);
      page.putInt(first.length);
      page.putInt(pays ? LZ4 : 0);
      page.putInt(body.length());
      page.putInt(stored);
      page.putInt(0);
      page.putBytes(first, 0, first.length);
      page.align();
      page.putBytes(pays ? compressed : body.array(), 0, stored);
      output.append(page, table, nextId - count);
      ends.clear();
      text.clear();
      count = 0;
    }
  }
}
