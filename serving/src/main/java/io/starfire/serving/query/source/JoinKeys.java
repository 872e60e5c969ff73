package io.starfire.serving.query.source;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.model.Numbers;
import io.starfire.serving.query.model.QueryChecks;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of left rows as the numbers that a join table gives them. Not thread-safe. */
final class JoinKeys {
  /** In place of the number of a value: it was not asked for yet. */
  private static final int UNKNOWN = -2;

  private final List<@Nullable Column> columns;
  private final JoinTable table;

  /** Of each text column, by its id. */
  private final List<int[]> valuesOfIds = new ArrayList<>();

  private final int[] keys = new int[RowSet.BLOCK_ROWS];
  private final int[] values = new int[RowSet.BLOCK_ROWS];
  private final int[] ids = new int[RowSet.BLOCK_ROWS];
  private final long[] longs = new long[RowSet.BLOCK_ROWS];
  private final double[] doubles = new double[RowSet.BLOCK_ROWS];
  private final boolean[] nulls = new boolean[RowSet.BLOCK_ROWS];

  /**
   * @param columns texts where the table's key has texts; one that is always null is null
   */
  JoinKeys(List<@Nullable Column> columns, JoinTable table) {
    this.columns = columns;
    this.table = table;
    columns.forEach(column -> valuesOfIds.add(new int[0]));
  }

  /** Of each row of a block, until the next call; below 0 where no row of the table fits. */
  int[] find(int from, int count) {
    Arrays.fill(keys, 0, count, table.size() > 0 ? 0 : -1);
    for (int part = 0; part < columns.size(); part++) {
      readValues(part, from, count);
      for (int i = 0; i < count; i++) {
        keys[i] = table.join(part, keys[i], values[i]);
      }
    }
    return keys;
  }

  private void readValues(int part, int from, int count) {
    Column column = columns.get(part);
    if (column instanceof StringColumn texts) {
      readTexts(part, texts, from, count);
    } else if (column instanceof LongColumn numbers) {
      numbers.read(from, count, longs);
      readNulls(numbers.hasNulls() ? () -> numbers.readNulls(from, count, nulls) : null, count);
      for (int i = 0; i < count; i++) {
        values[i] = nulls[i] ? -1 : valueOf(part, longs[i]);
      }
    } else if (column instanceof DoubleColumn numbers) {
      numbers.read(from, count, doubles);
      readNulls(numbers.hasNulls() ? () -> numbers.readNulls(from, count, nulls) : null, count);
      for (int i = 0; i < count; i++) {
        values[i] = nulls[i] ? -1 : valueOf(part, doubles[i]);
      }
    } else {
      Arrays.fill(values, 0, count, -1);
    }
  }

  private void readNulls(@Nullable Runnable reader, int count) {
    if (reader == null) {
      Arrays.fill(nulls, 0, count, false);
    } else {
      reader.run();
    }
  }

  private void readTexts(int part, StringColumn texts, int from, int count) {
    if (texts.multiValued()) {
      for (int i = 0; i < count; i++) {
        int[] several = texts.readValues(from + i);
        if (several.length > 1) {
          throw QueryChecks.unsupported(
              "a join by a column that has several values in a row is not supported; use a virtual"
                  + " column, such as array_to_string(x, ',')");
        }
        ids[i] = several[0];
      }
    } else {
      texts.readIds(from, count, ids);
    }
    for (int i = 0; i < count; i++) {
      values[i] = valueOfId(part, texts, ids[i]);
    }
  }

  /** Each text is looked for once. A dictionary may grow while rows are read. */
  private int valueOfId(int part, StringColumn texts, int id) {
    int[] known = valuesOfIds.get(part);
    if (id >= known.length) {
      int length = known.length;
      known = Arrays.copyOf(known, Math.max(id + 1, Math.max(2 * length, 64)));
      Arrays.fill(known, length, known.length, UNKNOWN);
      valuesOfIds.set(part, known);
    }
    if (known[id] == UNKNOWN) {
      known[id] = valueOf(part, texts.value(id));
    }
    return known[id];
  }

  private int valueOf(int part, long value) {
    return table.type(part) == ColumnType.LONG
        ? table.valueOf(part, value)
        : table.valueOf(part, JoinTable.bits((double) value));
  }

  private int valueOf(int part, double value) {
    if (table.type(part) == ColumnType.DOUBLE) {
      return table.valueOf(part, JoinTable.bits(value));
    }
    boolean isLong = value == Math.rint(value) && value >= -0x1p63 && value < 0x1p63;
    return isLong ? table.valueOf(part, (long) value) : -1;
  }

  /** A text that is compared with a number is read as one. */
  private int valueOf(int part, @Nullable String text) {
    if (table.type(part) == ColumnType.STRING) {
      return table.valueOf(part, text);
    }
    BigDecimal number = text == null ? null : Numbers.decimal(text);
    if (number == null) {
      return -1;
    }
    if (table.type(part) == ColumnType.DOUBLE) {
      return table.valueOf(part, JoinTable.bits(number.doubleValue()));
    }
    BigDecimal plain = number.stripTrailingZeros();
    boolean isLong = plain.scale() <= 0 && plain.precision() - plain.scale() <= 19;
    BigInteger whole = isLong ? plain.toBigInteger() : BigInteger.ZERO;
    return isLong && whole.bitLength() < Long.SIZE ? table.valueOf(part, whole.longValue()) : -1;
  }
}
