package io.starfire.benchmarks.stream;

import io.starfire.benchmarks.process.Talk;
import io.starfire.embedded.EmbeddedKafka;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * A real broker in a process of its own. Argument: its directory. Asked anything, it answers with
 * what has been appended to each topic since it started: {@code topic records bytes} in turn.
 */
public final class BrokerMain {
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "log.segment.bytes", Integer.toString(1 << 30),
          "log.segment.delete.delay.ms", "1000",
          "num.io.threads", "4",
          "queued.max.requests", "500",
          "socket.send.buffer.bytes", "1048576",
          "socket.receive.buffer.bytes", "1048576");

  private BrokerMain() {}

  public static void main(String[] arguments) throws IOException {
    EmbeddedKafka.Builder builder = EmbeddedKafka.builder(Path.of(arguments[0]));
    PROPERTIES.forEach(builder::property);
    try (EmbeddedKafka kafka = builder.start()) {
      Talk.untilInputEnds(kafka.bootstrapServers(), question -> written());
    }
    System.exit(0);
  }

  /** The broker counts what is appended; logs whose heads are deleted are counted in full. */
  private static String written() {
    Map<String, long[]> byTopic = new TreeMap<>();
    try {
      count("MessagesInPerSec", 0, byTopic);
      count("BytesInPerSec", 1, byTopic);
    } catch (JMException e) {
      throw new IllegalStateException("the broker's counts cannot be read", e);
    }
    StringBuilder text = new StringBuilder();
    byTopic.forEach(
        (topic, counts) ->
            text.append(topic)
                .append(' ')
                .append(counts[0])
                .append(' ')
                .append(counts[1])
                .append(' '));
    return text.toString().strip();
  }

  private static void count(String metric, int place, Map<String, long[]> byTopic)
      throws JMException {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    ObjectName pattern =
        new ObjectName("kafka.server:type=BrokerTopicMetrics,name=" + metric + ",topic=*");
    for (ObjectName name : beans.queryNames(pattern, null)) {
      long[] counts = byTopic.computeIfAbsent(name.getKeyProperty("topic"), missing -> new long[2]);
      counts[place] = (Long) beans.getAttribute(name, "Count");
    }
  }
}
