package io.starfire.batch;

import java.util.List;
import org.apache.log4j.Level;
import org.apache.log4j.Logger;

/**
 * What Hadoop's clients write to the log of {@code hadoop jar}: stack traces for each try at a
 * daemon that is gone. Of {@code bin/starfire} that is a matter of its own configuration.
 * Stateless.
 */
final class HadoopLog {
  /** Hadoop; Parquet and Avro, also by their names in the job jar. */
  private static final List<String> NOISY =
      List.of("org.apache.hadoop", "org.apache.parquet", "org.apache.avro", "io.starfire.shaded");

  private HadoopLog() {}

  /** Leaves out warnings; what goes wrong is said in a sentence at the end. */
  static void quieten() {
    try {
      NOISY.forEach(name -> Logger.getLogger(name).setLevel(Level.ERROR));
    } catch (LinkageError e) {
      // Hadoop logs by something else here.
      return;
    }
  }
}
