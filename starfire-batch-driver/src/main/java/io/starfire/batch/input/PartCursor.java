package io.starfire.batch.input;

import java.io.Closeable;
import java.io.IOException;

/** Goes through the records of one part of the input. One thread. */
interface PartCursor extends Closeable {
  /** The next record, or null at the end. */
  InputRecord next() throws IOException;
}
