package io.starfire.benchmarks.peers;

import java.util.List;

/** Somebody who answers queries. One thread. */
interface Peer extends AutoCloseable {
  /** Such as {@code duckdb}. */
  String name();

  /** Whose name ratios have: the better of several with one family counts. */
  default String family() {
    return name();
  }

  /**
   * Asks, and reads the whole answer.
   *
   * @return how long that took, in nanoseconds
   * @throws UnsupportedQueryException if it does not know such queries
   */
  long time(PeerQuery query);

  /**
   * Asks, and takes the answer apart.
   *
   * @return for each row the values of {@link PeerQuery#compare}
   * @throws UnsupportedQueryException if it does not know such queries
   */
  List<List<Object>> answer(PeerQuery query);

  @Override
  void close();

  /** The peer says that it does not have this. */
  final class UnsupportedQueryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnsupportedQueryException(String message) {
      super(message);
    }
  }
}
