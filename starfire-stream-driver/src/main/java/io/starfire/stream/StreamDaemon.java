package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import io.starfire.kafka.DaemonServer;
import io.starfire.plan.PlanNode.DataSourceNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One or more pipelines in one process, and the routes of health and metrics for all of them. Each
 * pipeline is a stream with threads, state and a consumer group of its own. A stream that fails
 * does not stop the others: the daemon is then not healthy, and says why. Thread-safe.
 */
public final class StreamDaemon implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamDaemon.class);

  private final int pipelines;
  private final List<StreamDriver> streams = new CopyOnWriteArrayList<>();
  private final Set<StreamDriver> reported = new HashSet<>();
  private final StreamMetrics metrics = new StreamMetrics(this::statuses);
  private DaemonServer server;

  private StreamDaemon(int pipelines) {
    this.pipelines = pipelines;
  }

  /** The status of the daemon, as {@code /status} has it. */
  record Status(List<StreamStatus> streams) {}

  /**
   * Starts streams. If one cannot start, none runs.
   *
   * @param pipelines with one configuration; at least one
   * @throws StarfireException as {@link StreamDriver#start}; with INVALID_INPUT if two pipelines
   *     would use the same names or write the same data source
   */
  public static StreamDaemon start(List<StreamOptions> pipelines) {
    checkNames(pipelines);
    StreamDaemon daemon = new StreamDaemon(pipelines.size());
    try {
      daemon.listen(StreamSettings.from(pipelines.get(0).config()));
      for (StreamOptions pipeline : pipelines) {
        daemon.streams.add(StreamDriver.start(pipeline));
      }
      return daemon;
    } catch (RuntimeException e) {
      daemon.close();
      throw e;
    }
  }

  private static void checkNames(List<StreamOptions> pipelines) {
    Map<String, String> ids = new HashMap<>();
    Map<String, String> dataSources = new HashMap<>();
    Map<String, String> topics = new HashMap<>();
    for (StreamOptions options : pipelines) {
      String pipeline = options.plan().pipeline();
      String id = ApplicationId.base(options.plan(), StreamSettings.from(options.config()));
      String other = ids.putIfAbsent(id, pipeline);
      if (pipeline.equals(other)) {
        throw invalid("pipeline '%s' is named twice; name it once".formatted(pipeline));
      }
      if (other != null) {
        throw invalid(
            "pipelines '%s' and '%s' would both run as '%s', because their classes have the same simple name; rename one, or run them in two processes with different starfire.stream.application-id-prefix"
                .formatted(other, pipeline, id));
      }
      for (DataSourceNode sink : options.plan().dataSources()) {
        String name = sink.label();
        String writer = dataSources.putIfAbsent(name, pipeline);
        if (writer != null && !writer.equals(pipeline)) {
          throw invalid(
              "pipelines '%s' and '%s' both write data source '%s'; give each a data source of its own"
                  .formatted(writer, pipeline, name));
        }
      }
      for (String topic : new ResultTopics(options.plan(), options.config()).names().values()) {
        String writer = topics.putIfAbsent(topic, pipeline);
        if (writer != null && !writer.equals(pipeline)) {
          throw invalid(
              "pipelines '%s' and '%s' both write topic '%s'; give each a topic of its own"
                  .formatted(writer, pipeline, topic));
        }
      }
    }
  }

  private static StarfireException invalid(String sentence) {
    return new StarfireException(ErrorCode.INVALID_INPUT, sentence);
  }

  private void listen(StreamSettings settings) {
    if (settings.port() >= 0) {
      server = DaemonServer.start(settings.host(), settings.port(), new Pages());
    }
  }

  /** The streams, in the order in which they were named. */
  public List<StreamDriver> streams() {
    return List.copyOf(streams);
  }

  /** The port of health and metrics; -1 if there is none. */
  public int port() {
    return server == null ? -1 : server.port();
  }

  /**
   * Waits until all streams have failed or were closed. Logs each failure that it sees first.
   *
   * @return false if the time was over first
   */
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    long startNanos = System.nanoTime();
    boolean ended = true;
    for (StreamDriver stream : streams) {
      Duration left = timeout.minusNanos(System.nanoTime() - startNanos);
      if (stream.awaitEnd(left.isNegative() ? Duration.ZERO : left)) {
        report(stream);
      } else {
        ended = false;
      }
    }
    return ended;
  }

  private synchronized void report(StreamDriver stream) {
    if (pipelines > 1 && stream.failure() != null && reported.add(stream)) {
      LOG.error(
          "{} has failed, the other pipelines of this process go on: {}",
          stream.status().pipeline(),
          stream.failure().getMessage());
    }
  }

  /** Why the first of the streams that failed has failed; null if none has. */
  public StarfireException failure() {
    return streams.stream()
        .map(StreamDriver::failure)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** Stops all streams at the same time, as {@link StreamDriver#close} does. */
  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    List<Thread> closing = new ArrayList<>();
    for (StreamDriver stream : streams) {
      Thread thread = new Thread(stream::close, "starfire-stop-stream");
      thread.start();
      closing.add(thread);
    }
    try {
      for (Thread thread : closing) {
        thread.join();
      }
    } catch (InterruptedException e) {
      // They go on: each ends within its own timeout.
      Thread.currentThread().interrupt();
    }
  }

  private List<StreamStatus> statuses() {
    return streams.stream().map(StreamDriver::status).toList();
  }

  private final class Pages implements DaemonServer.Pages {
    @Override
    public boolean isHealthy() {
      return streams.stream().allMatch(StreamDriver::isHealthy);
    }

    @Override
    public boolean isReady() {
      return streams.size() == pipelines && streams.stream().allMatch(StreamDriver::isReady);
    }

    @Override
    public String status() {
      return Json.write(new Status(statuses()));
    }

    @Override
    public String metrics() {
      return metrics.scrape();
    }
  }
}
