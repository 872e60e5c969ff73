package io.starfire.serving.role;

import io.starfire.common.StarfireException;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.run.QueryRun;
import java.util.List;

/**
 * Row sets that a node holds for one query, as they were at one moment, until they are closed. A
 * query may scan them several times, such as once for each of its subtotals, and sees the same rows
 * each time. Used by one thread.
 *
 * @param <P> segments or live pieces
 */
public interface HeldRows<P extends HeldPiece> extends AutoCloseable {
  /**
   * The row sets, open in this process. Queries that read rows, and those about metadata, need
   * them; they have no wire form.
   */
  List<P> pieces();

  /**
   * Scans all pieces and merges what they give. All that goes in and out has a form in bytes or
   * JSON, but for {@code run}, which each process makes for itself from the context of the query.
   *
   * @throws StarfireException with INVALID_INPUT if a column's type does not fit the query; CORRUPT
   *     if a piece is damaged; TIMEOUT, CANCELED or CAPACITY_EXCEEDED
   */
  Partial scan(NodeScan scan, QueryRun run);

  /** The exception that says which piece could not be read; has a damaged one fetched again. */
  StarfireException failed(P piece, StarfireException e);

  /** Lets the rows go; nothing may be read after that. */
  @Override
  void close();
}
