package io.starfire.benchmarks.stream;

import java.nio.file.Path;
import java.util.List;

/**
 * A system that joins.
 *
 * @param name as options and the table have it
 * @param share of the data that it gets: a slow one gets the first part, with the same content of
 *     the window
 * @param result what it writes, and what must come out
 * @param launch how its process is started
 */
record Contestant(String name, double share, Result result, Launch launch) {
  /** What a contestant writes. */
  enum Result {
    /** The impression's JSON with a number of clicks. */
    JSON,
    /** Rows of {@link PlainJoin}. */
    PLAIN_JOIN,
    /** Rows of {@code AdEvents}. */
    AD_EVENTS
  }

  /**
   * What a run hands to a contestant.
   *
   * @param address of the broker
   * @param topics of raw records
   * @param results a topic for results, made; not used by Starfire, which makes its own
   * @param group a name that no other run has
   * @param directory a directory of this run
   */
  record Place(String address, Topics topics, String results, String group, Path directory) {}

  /** The class of a process, what it is told, and the class path if it is not the benchmark's. */
  record Command(String mainClass, List<String> arguments, String classPath) {
    Command(String mainClass, List<String> arguments) {
      this(mainClass, arguments, System.getProperty("java.class.path"));
    }
  }

  /** Says how to start a contestant at a place. */
  interface Launch {
    Command at(Place place);
  }
}
