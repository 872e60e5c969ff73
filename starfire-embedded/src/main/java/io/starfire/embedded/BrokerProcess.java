package io.starfire.embedded;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kafka's own server object on a formatted directory, and the ports that it got. */
final class BrokerProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerProcess.class);
  private static final String META_PROPERTIES = "meta.properties";

  /**
   * A port that was free can be taken before the broker binds it. Losing that race so often by
   * chance does not happen.
   */
  private static final int BIND_ATTEMPTS = 10;

  private final KafkaRaftServer server;
  private final int port;
  private final String clusterId;

  private BrokerProcess(KafkaRaftServer server, int port, String clusterId) {
    this.server = server;
    this.port = port;
    this.clusterId = clusterId;
  }

  int port() {
    return port;
  }

  String clusterId() {
    return clusterId;
  }

  /**
   * @param fixedPort for clients, or 0 for a free one
   * @throws StarfireException with CONFLICT if {@code fixedPort} is taken
   */
  static BrokerProcess start(Path logDirectory, int fixedPort, Map<String, String> more)
      throws IOException {
    String clusterId = format(logDirectory);
    for (int attempt = 1; ; attempt++) {
      checkFree(fixedPort);
      int port = fixedPort == 0 ? freePort() : fixedPort;
      Properties properties = BrokerProperties.of(logDirectory, port, freePort(), more);
      KafkaRaftServer server = new KafkaRaftServer(configuration(properties), Time.SYSTEM);
      try {
        server.startup();
        return new BrokerProcess(server, port, clusterId);
      } catch (RuntimeException e) {
        stopAfterFailure(server);
        if (!isPortTaken(e) || attempt == BIND_ATTEMPTS) {
          throw new StarfireException(
              ErrorCode.UNAVAILABLE,
              "the embedded Kafka broker on %s did not start: %s"
                  .formatted(logDirectory, e.getMessage()),
              e);
        }
        LOG.info("A port was taken between being chosen and being bound; choosing another");
      }
    }
  }

  private static KafkaConfig configuration(Properties properties) {
    try {
      return new KafkaConfig(properties);
    } catch (ConfigException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the embedded Kafka broker refuses its configuration: " + e.getMessage(),
          e);
    }
  }

  /** Stops in order; waits until the logs are flushed and the ports are free. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  /** Makes the directory Kafka's if it is new. Returns the id of its cluster. */
  private static String format(Path logDirectory) throws IOException {
    Path metaProperties = logDirectory.resolve(META_PROPERTIES);
    if (Files.exists(metaProperties)) {
      return readClusterId(metaProperties);
    }
    Files.createDirectories(logDirectory);
    String clusterId = Uuid.randomUuid().toString();
    try (PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setNodeId(BrokerProperties.NODE_ID)
          .setClusterId(clusterId)
          .addDirectory(logDirectory.toString())
          .setMetadataLogDirectory(logDirectory.toString())
          .setControllerListenerName(BrokerProperties.CONTROLLER_LISTENER)
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .setIgnoreFormatted(true)
          .setPrintStream(nowhere)
          .run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the directory could not be formatted: " + e.getMessage(), e);
    }
    return clusterId;
  }

  private static String readClusterId(Path metaProperties) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(metaProperties)) {
      properties.load(in);
    }
    String clusterId = properties.getProperty("cluster.id");
    if (clusterId == null) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "%s has no cluster.id; it is not the directory of an embedded broker"
              .formatted(metaProperties));
    }
    return clusterId;
  }

  private static void checkFree(int fixedPort) throws IOException {
    if (fixedPort == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      // As Kafka binds it: connections of a predecessor that linger do not make the port taken.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(BrokerProperties.HOST, fixedPort));
    } catch (BindException e) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "port %d on %s is in use; stop what listens there or choose another port for Kafka"
              .formatted(fixedPort, BrokerProperties.HOST),
          e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket =
        new ServerSocket(0, 1, InetAddress.getByName(BrokerProperties.HOST))) {
      return socket.getLocalPort();
    }
  }

  private static boolean isPortTaken(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return true;
      }
    }
    return false;
  }

  private static void stopAfterFailure(KafkaRaftServer server) {
    try {
      server.shutdown();
      server.awaitShutdown();
    } catch (RuntimeException e) {
      LOG.warn("A broker that did not start could not be stopped in order", e);
    }
  }
}
