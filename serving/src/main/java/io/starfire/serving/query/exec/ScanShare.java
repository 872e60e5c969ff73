package io.starfire.serving.query.exec;

import io.starfire.serving.query.filter.SharedRows;

/**
 * What the scans of the parts of one row set share.
 *
 * @param keys what its values are among those of all row sets of the query
 * @param rows what filters say of it
 */
public record ScanShare(SharedKeys.OfRows keys, SharedRows rows) {
  /** Of a row set that is scanned at once. */
  public static ScanShare ofNothing() {
    return new ScanShare(SharedKeys.OfRows.NONE, new SharedRows());
  }
}
