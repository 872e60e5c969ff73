package io.starfire.batch;

import org.apache.log4j.Level;
import org.apache.log4j.Logger;

/**
 * What Hadoop's clients write to the log of {@code hadoop jar}: stack traces for each try at a
 * daemon that is gone. Of {@code bin/starfire} that is a matter of its own configuration.
 * Stateless.
 */
final class HadoopLog {
  private static final String HADOOP = "org.apache.hadoop";

  private HadoopLog() {}

  /** Leaves out warnings; what goes wrong is said in a sentence at the end. */
  static void quieten() {
    try {
      Logger.getLogger(HADOOP).setLevel(Level.ERROR);
    } catch (LinkageError e) {
      // Hadoop logs by something else here.
      return;
    }
  }
}
