package io.starfire.segment.format;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.MetricMath;
import io.starfire.segment.SchemaGrowth;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.StringColumn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Merges sorted pieces of one schema (segments, persisted pieces, sorted snapshots) into one
 * segment file. With rollup, rows of equal time and dimensions become one: counts and sums are
 * added, and a null beside a value is ignored. The count of events stays right. Memory does not
 * depend on the number of rows: it is 4 bytes for each value of the pieces' dictionaries, and some
 * blocks of rows for each piece. Stateless; thread-safe.
 */
public final class SegmentMerger {
  /** Rows held while an index of rows is made: 32 MB. */
  private static final int INDEX_BUDGET_ROWS = 8 << 20;

  private SegmentMerger() {}

  /**
   * Writes the file under a temporary name, makes it durable, and renames it to its own.
   *
   * @param interval that the segment covers; every row's time must be in it
   * @param pieces sorted by time and dimensions; an empty list makes an empty segment. A piece may
   *     lack the last STRING dimensions of the schema; its rows have null there.
   * @throws StarfireException with INVALID_INPUT if a piece has another schema, or a row outside
   *     the interval; CAPACITY_EXCEEDED if the file would exceed 2 GB; CORRUPT if a piece is
   *     damaged. There is then no file.
   */
  public static WrittenSegment merge(
      DataSourceSchema schema, Interval interval, List<? extends IndexedRows> pieces, Path target) {
    return merge(schema, interval, pieces, target, WriteOptions.SEGMENT);
  }

  /** As {@link #merge(DataSourceSchema, Interval, List, Path)}, with options. */
  public static WrittenSegment merge(
      DataSourceSchema schema,
      Interval interval,
      List<? extends IndexedRows> pieces,
      Path target,
      WriteOptions options) {
    List<IndexedRows> widened = new ArrayList<>();
    for (IndexedRows piece : pieces) {
      checkPiece(schema, interval, piece);
      boolean narrower = piece.schema().dimensions().size() < schema.dimensions().size();
      widened.add(narrower ? new WidenedRows(piece, schema) : piece);
    }
    return mergeWidened(schema, interval, widened, target, options);
  }

  private static WrittenSegment mergeWidened(
      DataSourceSchema schema,
      Interval interval,
      List<IndexedRows> pieces,
      Path target,
      WriteOptions options) {
    long events = pieces.stream().mapToLong(IndexedRows::eventCount).sum();
    try (SegmentOutput output = new SegmentOutput(target)) {
      List<ColumnDirectory> columns = Metadata.columnsOf(schema);
      RowLayout layout = new RowLayout(schema, multiValued(schema, pieces));
      int[][][] mergedIds = mergedIds(pieces, layout, columns, output);
      ColumnBlocks blocks = new ColumnBlocks(layout, columns, output);
      boolean asTheyAre =
          pieces.size() == 1 && (!schema.rollup() || pieces.get(0).hasDistinctRows());
      int rows =
          asTheyAre
              ? copyRows(pieces.get(0), layout, mergedIds[0], blocks)
              : mergeRows(layout, cursors(pieces, layout, mergedIds), blocks);
      for (int i = 0; i < layout.dimensions(); i++) {
        columns.get(1 + i).multiValued = layout.multiValued[i];
      }
      if (options.rowIndex()) {
        List<PathColumns.Written> paths = writePaths(columns, blocks, rows, output);
        writeRowIndexes(layout, columns, blocks, paths, rows, output);
        paths.forEach(path -> columns.add(path.column()));
      }
      ColumnDirectory time = columns.get(0);
      Interval timeRange =
          rows == 0
              ? new Interval(interval.startMillis(), interval.startMillis())
              : new Interval(time.min, time.max + 1);
      Metadata metadata = new Metadata(schema, interval, rows, events, timeRange, columns);
      long bytes = output.commit(metadata, options.durable());
      return new WrittenSegment(target, bytes, rows, events);
    }
  }

  private static void checkPiece(DataSourceSchema schema, Interval interval, IndexedRows piece) {
    DataSourceSchema other = piece.schema();
    int known = other.dimensions().size();
    boolean mergeable =
        SchemaGrowth.isExtension(schema, other)
            && schema.dimensions().stream()
                .skip(known)
                .allMatch(added -> added.type() == ColumnType.STRING);
    if (!mergeable) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a piece of '%s' has dimensions %s and metrics %s, not %s and %s; only pieces of one schema can be merged"
              .formatted(
                  schema.name(),
                  other.dimensions(),
                  other.metrics(),
                  schema.dimensions(),
                  schema.metrics()));
    }
    if (piece.rowCount() > 0 && !interval.contains(piece.timeRange())) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a piece of '%s' has rows in %s, outside the segment's interval %s"
              .formatted(schema.name(), piece.timeRange(), interval));
    }
  }

  private static boolean[] multiValued(
      DataSourceSchema schema, List<? extends IndexedRows> pieces) {
    boolean[] multiValued = new boolean[schema.dimensions().size()];
    for (int i = 0; i < multiValued.length; i++) {
      for (IndexedRows piece : pieces) {
        multiValued[i] |=
            piece.column(schema.dimensions().get(i).name()) instanceof StringColumn strings
                && strings.multiValued();
      }
    }
    return multiValued;
  }

  /** Merges the dictionaries; returns by piece, dimension and id the id that it gets. */
  private static int[][][] mergedIds(
      List<? extends IndexedRows> pieces,
      RowLayout layout,
      List<ColumnDirectory> columns,
      SegmentOutput output) {
    int[][][] mergedIds = new int[pieces.size()][layout.dimensions()][];
    for (int i = 0; i < layout.dimensions(); i++) {
      if (layout.dimensionTypes[i] == ColumnType.STRING) {
        int[][] ofPieces = DictionaryMerger.merge(pieces, columns.get(1 + i), output);
        for (int piece = 0; piece < ofPieces.length; piece++) {
          mergedIds[piece][i] = ofPieces[piece];
        }
      }
    }
    return mergedIds;
  }

  /** Opens a cursor on each piece that has rows. */
  private static PriorityQueue<PieceCursor> cursors(
      List<? extends IndexedRows> pieces, RowLayout layout, int[][][] mergedIds) {
    PriorityQueue<PieceCursor> cursors =
        new PriorityQueue<>(
            Math.max(1, pieces.size()), (a, b) -> a.block().compare(a.row(), b.block(), b.row()));
    for (int piece = 0; piece < mergedIds.length; piece++) {
      PieceCursor cursor = new PieceCursor(pieces.get(piece), layout, mergedIds[piece]);
      if (cursor.valid()) {
        cursors.add(cursor);
      }
    }
    return cursors;
  }

  /** Writes the rows of a piece as they are, a block at a time. */
  private static int copyRows(
      IndexedRows piece, RowLayout layout, int[][] mergedIds, ColumnBlocks blocks) {
    PieceCursor cursor = new PieceCursor(piece, layout, mergedIds, SegmentFormat.BLOCK_ROWS);
    while (cursor.valid()) {
      blocks.write(cursor.block());
      cursor.advanceByBlock();
    }
    return piece.rowCount();
  }

  private static int mergeRows(
      RowLayout layout, PriorityQueue<PieceCursor> cursors, ColumnBlocks blocks) {
    RowBlock out = new RowBlock(layout, SegmentFormat.BLOCK_ROWS);
    long total = 0;
    while (!cursors.isEmpty()) {
      PieceCursor cursor = cursors.poll();
      PieceCursor second = cursors.peek();
      do {
        RowBlock block = cursor.block();
        int row = cursor.row();
        if (layout.schema.rollup() && out.rows > 0 && out.compare(out.rows - 1, block, row) == 0) {
          combine(layout, out, block, row);
        } else {
          if (out.rows == SegmentFormat.BLOCK_ROWS) {
            blocks.write(out);
            total += out.rows;
            out.rows = 0;
          }
          out.append(block, row);
        }
        cursor.advance();
      } while (cursor.valid()
          && (second == null
              || cursor.block().compare(cursor.row(), second.block(), second.row()) <= 0));
      if (cursor.valid()) {
        cursors.add(cursor);
      }
    }
    if (out.rows > 0) {
      blocks.write(out);
      total += out.rows;
    }
    return Math.toIntExact(total);
  }

  private static void combine(RowLayout layout, RowBlock out, RowBlock from, int row) {
    int last = out.rows - 1;
    for (int i = 0; i < layout.metrics(); i++) {
      if (layout.sketches[i] != null) {
        out.sketches[i][last] =
            layout.sketches[i].merge(out.sketches[i][last], from.sketches[i][row]);
      } else if (!from.metricNulls[i][row]) {
        boolean first = out.metricNulls[i][last];
        long value = from.metrics[i][row];
        out.metrics[i][last] =
            first ? value : MetricMath.combine(layout.aggregations[i], out.metrics[i][last], value);
        out.metricNulls[i][last] = false;
      }
    }
  }

  private static List<PathColumns.Written> writePaths(
      List<ColumnDirectory> columns, ColumnBlocks blocks, int rows, SegmentOutput output) {
    List<PathColumns.Written> written = new ArrayList<>();
    for (ColumnDirectory column : columns) {
      if (column.json) {
        Handle handle = new Handle(output.mapWritten());
        try {
          StringColumn documents =
              new MappedStringColumn(handle, column, new DictionaryPages(column.dictionary), rows);
          written.addAll(new PathColumns(column, documents, rows, blocks, output).write());
        } finally {
          handle.close();
        }
      }
    }
    return written;
  }

  private static void writeRowIndexes(
      RowLayout layout,
      List<ColumnDirectory> columns,
      ColumnBlocks blocks,
      List<PathColumns.Written> paths,
      int rows,
      SegmentOutput output) {
    Handle handle = new Handle(output.mapWritten());
    try {
      for (int i = 0; i < layout.dimensions(); i++) {
        ColumnDirectory column = columns.get(1 + i);
        if (column.type == ColumnType.STRING) {
          StringColumn ids =
              new MappedStringColumn(handle, column, new DictionaryPages(column.dictionary), rows);
          new RowIndexWriter(INDEX_BUDGET_ROWS, column, output)
              .write(ids, rows, blocks.idCounts(i));
        }
      }
      for (PathColumns.Written path : paths) {
        if (path.column().type == ColumnType.STRING) {
          StringColumn ids =
              new MappedStringColumn(
                  handle, path.column(), new DictionaryPages(path.column().dictionary), rows);
          new RowIndexWriter(INDEX_BUDGET_ROWS, path.column(), output)
              .write(ids, rows, path.idCounts());
        }
      }
    } finally {
      handle.close();
    }
  }
}
