package io.starfire.serving.query.run;

import io.starfire.segment.column.Column;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.filter.RowSelector;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.GroupDimension;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts row sets into parts for threads: a large one into equal parts, at the blocks in which
 * segments store their rows; small ones are put together. How they are cut depends on the query and
 * the rows, never on the number of threads, so that sums of doubles do not either. Stateless.
 */
final class RowParts {
  /** Rows in a stored block. */
  static final int STORED_BLOCK_ROWS = 8192;

  /** Where there are few groups, so that one more part costs nothing. */
  private static final int ROWS_OF_FEW_GROUPS = 32 * STORED_BLOCK_ROWS;

  /**
   * Where all rows are of one group, and most of them are not read, since their blocks are known.
   */
  private static final int ROWS_OF_ONE_GROUP = 128 * STORED_BLOCK_ROWS;

  /** Where each part may find a group for each row, and what it found is merged. */
  private static final int ROWS_OF_MANY_GROUPS = 64 * STORED_BLOCK_ROWS;

  private static final long FEW_GROUPS = 4096;

  private RowParts() {}

  /** Some rows of a piece. */
  record Part(NodePiece piece, RowSelector.Range rows) {
    boolean isWhole() {
      return rows.to() - rows.from() == piece.source().rows().rowCount();
    }
  }

  /**
   * Parts that are scanned one after the other by one thread, in the order of the pieces.
   *
   * @param rowsOfPart 0 if the groups of the query decide
   */
  static List<List<Part>> of(AggregateQuery query, List<NodePiece> pieces, int rowsOfPart) {
    List<List<Part>> shares = new ArrayList<>();
    List<Part> small = new ArrayList<>();
    long smallRows = 0;
    for (NodePiece piece : pieces) {
      RowSet rows = piece.source().rows();
      int most = rowsOfPart > 0 ? rowsOfPart : rowsOfPart(query, rows);
      List<Part> parts = cut(piece, most);
      if (parts.size() > 1 || smallRows + rows.rowCount() > Math.min(most, ROWS_OF_FEW_GROUPS)) {
        add(shares, small);
        small = new ArrayList<>();
        smallRows = 0;
      }
      if (parts.size() > 1) {
        parts.forEach(part -> shares.add(List.of(part)));
      } else {
        small.addAll(parts);
        smallRows += rows.rowCount();
      }
    }
    add(shares, small);
    return shares;
  }

  private static void add(List<List<Part>> shares, List<Part> small) {
    if (!small.isEmpty()) {
      shares.add(small);
    }
  }

  private static List<Part> cut(NodePiece piece, int rowsOfPart) {
    int rows = piece.source().rows().rowCount();
    int count = Math.max(1, (rows + rowsOfPart - 1) / rowsOfPart);
    int blockRows = Math.min(rowsOfPart, STORED_BLOCK_ROWS);
    int blocks = (rows + blockRows - 1) / blockRows;
    List<Part> parts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) blocks * i / count) * blockRows;
      int to = (int) ((long) blocks * (i + 1) / count) * blockRows;
      parts.add(new Part(piece, new RowSelector.Range(from, Math.min(to, rows))));
    }
    return parts;
  }

  private static int rowsOfPart(AggregateQuery query, RowSet rows) {
    if (query.dimensions().isEmpty() && query.filter() == null) {
      return ROWS_OF_ONE_GROUP;
    }
    long groups = 1;
    for (GroupDimension dimension : query.dimensions()) {
      Column column = rows.column(dimension.column());
      if (query.virtualColumns().named(dimension.column()) != null
          || (column != null && !(column instanceof StringColumn))) {
        return ROWS_OF_MANY_GROUPS;
      }
      int values = column == null ? 1 : ((StringColumn) column).cardinality();
      groups = Math.min(FEW_GROUPS + 1, groups * Math.max(1, values));
    }
    return groups <= FEW_GROUPS ? ROWS_OF_FEW_GROUPS : ROWS_OF_MANY_GROUPS;
  }
}
