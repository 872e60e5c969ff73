package io.starfire.hadoop;

import io.starfire.config.StarfireConfig;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * Settings of every Hadoop client in Starfire. By Hadoop's own defaults a client waits a quarter of
 * an hour for a NameNode or a ResourceManager that is gone; with these it fails after about a
 * minute. Stateless.
 */
public final class HadoopClient {
  /** A value from {@code core-default.xml} or a similar file: nobody has chosen it. */
  private static final String DEFAULTS_FILE = "-default.xml";

  private static final Map<String, String> BOUNDED_WAITS =
      Map.of(
          // A machine that does not answer at all: three tries of twenty seconds, not 45.
          "ipc.client.connect.max.retries.on.timeouts", "2",
          // A process that listens but does not answer.
          "ipc.client.rpc-timeout.ms", "60000",
          // The ResourceManager: each try takes ten seconds already, in the layer below.
          "yarn.resourcemanager.connect.max-wait.ms", "10000",
          "yarn.resourcemanager.connect.retry-interval.ms", "5000");

  private HadoopClient() {}

  /**
   * Hadoop's defaults and the cluster's files, with bounded waits, then some properties.
   *
   * @param properties of Hadoop's clients, by its own names; they win
   */
  public static Configuration configuration(Map<String, String> properties) {
    Configuration configuration = new Configuration();
    boundWaits(configuration);
    LocalFiles.use(configuration);
    properties.forEach(configuration::set);
    return configuration;
  }

  /** Sets the waits that nobody has set. The cluster's own files win. */
  public static void boundWaits(Configuration configuration) {
    new TreeMap<>(BOUNDED_WAITS)
        .forEach(
            (key, value) -> {
              String[] files = configuration.getPropertySources(key);
              if (files == null
                  || files.length == 0
                  || files[files.length - 1].endsWith(DEFAULTS_FILE)) {
                configuration.set(key, value);
              }
            });
  }

  /** The properties of {@code starfire.hadoop.properties}; they hold for all Hadoop clients. */
  public static Map<String, String> properties(StarfireConfig config) {
    return config.properties("starfire.hadoop.properties");
  }
}
