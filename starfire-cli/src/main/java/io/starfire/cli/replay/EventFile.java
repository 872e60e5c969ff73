package io.starfire.cli.replay;

import io.starfire.event.SourceSettings.Format;

/** A file of events, read from its start to its end. Not thread-safe. */
interface EventFile extends AutoCloseable {
  Format format();

  /** The next row, or null at the end. */
  EventRow next();

  /** How much of the file has been read, from 0 to 1. */
  double fraction();

  @Override
  void close();
}
