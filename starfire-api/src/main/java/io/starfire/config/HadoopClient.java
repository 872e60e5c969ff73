package io.starfire.config;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * What every client of Hadoop in Starfire is set up with, in words that need no Hadoop on the class
 * path. Hadoop's own defaults would have a client wait a quarter of an hour for a NameNode or a
 * ResourceManager that is gone; these let it say so after about a minute. Stateless.
 */
public final class HadoopClient {
  /** Of the file {@code core-default.xml} and its kin: nobody has chosen such a value. */
  private static final String DEFAULTS_FILE = "-default.xml";

  private static final Map<String, String> BOUNDED_WAITS =
      Map.of(
          // A machine that answers nothing at all: three times twenty seconds, not 45 times.
          "ipc.client.connect.max.retries.on.timeouts", "2",
          // A process that listens and does not answer.
          "ipc.client.rpc-timeout.ms", "60000",
          // The ResourceManager: each try takes ten seconds already, in the layer below.
          "yarn.resourcemanager.connect.max-wait.ms", "10000",
          "yarn.resourcemanager.connect.retry-interval.ms", "5000");

  private HadoopClient() {}

  /**
   * Sets what nobody has set: the cluster's own files win.
   *
   * @param sources from which files a key has its value, the last one last; null if it has none
   * @param set sets a key
   */
  public static void boundWaits(
      Function<String, String[]> sources, BiConsumer<String, String> set) {
    new TreeMap<>(BOUNDED_WAITS)
        .forEach(
            (key, value) -> {
              String[] files = sources.apply(key);
              if (files == null
                  || files.length == 0
                  || files[files.length - 1].endsWith(DEFAULTS_FILE)) {
                set.accept(key, value);
              }
            });
  }

  /** The properties of {@code starfire.hadoop.properties}, for all clients of Hadoop. */
  public static Map<String, String> properties(StarfireConfig config) {
    return config.properties("starfire.hadoop.properties");
  }
}
