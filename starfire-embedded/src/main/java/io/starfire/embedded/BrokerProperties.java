package io.starfire.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The broker configuration: one node, broker and controller in one, tuned to be small. */
final class BrokerProperties {
  static final int NODE_ID = 1;
  static final String CONTROLLER_LISTENER = "CONTROLLER";
  static final String HOST = "127.0.0.1";

  private BrokerProperties() {}

  static Properties of(Path logDirectory, int port, int controllerPort, Map<String, String> more) {
    Properties properties = new Properties();
    roles(properties, port, controllerPort);
    properties.put("log.dirs", logDirectory.toString());
    internalTopics(properties);
    properties.put("auto.create.topics.enable", "false");
    // Nothing is deleted by age: events are stamped with their own, often old, times.
    properties.put("log.retention.ms", "-1");
    properties.put("log.segment.bytes", Integer.toString(256 << 20));
    // Nobody waits for further members or brokers: there is only this one.
    properties.put("group.initial.rebalance.delay.ms", "0");
    // An open transaction holds read_committed readers up: look for overdue ones every second
    // rather than every ten. How long one may be open is the client's choice, up to Kafka's limit
    // of 15 minutes: clients other than Starfire's ask for minutes.
    properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    small(properties);
    properties.putAll(more);
    return properties;
  }

  private static void roles(Properties properties, int port, int controllerPort) {
    String client = "PLAINTEXT://" + HOST + ":" + port;
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(NODE_ID));
    properties.put("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
    properties.put(
        "listeners", client + "," + CONTROLLER_LISTENER + "://" + HOST + ":" + controllerPort);
    properties.put("advertised.listeners", client);
    properties.put("inter.broker.listener.name", "PLAINTEXT");
    properties.put("controller.listener.names", CONTROLLER_LISTENER);
    properties.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
  }

  private static void internalTopics(Properties properties) {
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("offsets.topic.num.partitions", "4");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("transaction.state.log.num.partitions", "4");
    properties.put("share.coordinator.state.topic.replication.factor", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");
    properties.put("share.coordinator.state.topic.num.partitions", "1");
    properties.put("default.replication.factor", "1");
  }

  private static void small(Properties properties) {
    properties.put("log.cleaner.dedupe.buffer.size", "4194304");
    properties.put("log.cleaner.threads", "1");
    properties.put("num.network.threads", "2");
    properties.put("num.io.threads", "2");
    properties.put("background.threads", "2");
    properties.put("num.recovery.threads.per.data.dir", "2");
    properties.put("queued.max.requests", "100");
  }
}
