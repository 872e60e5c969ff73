package io.starfire.serving.sql.rows;

import org.jspecify.annotations.Nullable;

/** Rows, one after the other. Used by one thread at a time. */
public interface RowStream extends AutoCloseable {
  /** The next row, which the caller may keep; null at the end. */
  @Nullable Object @Nullable [] next();

  @Override
  default void close() {}
}
