package io.starfire.segment.ingest;

import io.starfire.decoding.Quoted;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which properties of Kafka consumers a spec may set. Anyone who may post a spec would otherwise
 * choose classes that this process loads, files that it reads, and whether rows are loaded exactly
 * once. Stateless.
 */
final class ConsumerProperties {
  /** What exactly-once loading hangs on. */
  private static final Set<String> OWN =
      Set.of(
          "group.id",
          "group.instance.id",
          "group.protocol",
          "group.remote.assignor",
          "enable.auto.commit",
          "auto.commit.interval.ms",
          "auto.offset.reset",
          "key.deserializer",
          "value.deserializer",
          "key.serializer",
          "value.serializer",
          "client.id",
          "transactional.id",
          "allow.auto.create.topics",
          "partition.assignment.strategy",
          "enable.idempotence",
          "acks");

  /** What loads classes or reads files that the sender of a spec would choose. */
  private static final Set<String> LOADING =
      Set.of(
          "interceptor.classes",
          "metric.reporters",
          "security.providers",
          "partitioner.class",
          "config.providers");

  private static final Set<String> LOGIN_MODULES =
      Set.of(
          "org.apache.kafka.common.security.plain.PlainLoginModule",
          "org.apache.kafka.common.security.scram.ScramLoginModule");

  private ConsumerProperties() {}

  static Map<String, String> checked(SpecObject given) {
    Map<String, String> properties = given.properties();
    properties.forEach((name, value) -> check(given.pathOf(name), name, value));
    if (!properties.getOrDefault("bootstrap.servers", "x").matches("\\S.*")) {
      throw SpecObject.invalid(
          "%s must name a broker, such as localhost:9092"
              .formatted(given.pathOf("bootstrap.servers")));
    }
    return properties;
  }

  private static void check(String path, String name, String value) {
    if (OWN.contains(name)) {
      throw SpecObject.invalid(
          "%s must not be set: Starfire sets it, since loading each record exactly once hangs on it; remove it"
              .formatted(path));
    }
    if (name.equals("isolation.level") && !value.equals("read_committed")) {
      throw SpecObject.invalid(
          "%s must be read_committed, got %s: records of aborted transactions would be loaded; remove it"
              .formatted(path, Quoted.of(value)));
    }
    boolean loads =
        LOADING.contains(name)
            || name.startsWith("config.providers.")
            || name.endsWith(".class")
            || name.endsWith(".classes")
            || name.contains("callback.handler")
            || name.startsWith("sasl.oauthbearer.")
            || name.endsWith(".location")
            || name.startsWith("ssl.engine.factory")
            || name.startsWith("sasl.kerberos.kinit");
    if (loads) {
      throw SpecObject.invalid(
          "%s must not be set in a spec: it would have the server load classes or read files of the sender's choice; set it in starfire.kafka of the server's configuration"
              .formatted(path));
    }
    if (name.equals("sasl.jaas.config")) {
      checkLoginModule(path, value);
    }
    if (name.equals("sasl.mechanism") && value.toUpperCase(Locale.ROOT).contains("BEARER")) {
      throw SpecObject.invalid(
          "%s must be PLAIN or SCRAM, got %s".formatted(path, Quoted.of(value)));
    }
  }

  /** The value is not shown: it holds a password. */
  private static void checkLoginModule(String path, String value) {
    String module = value.strip().split("\\s+", 2)[0];
    // A second module would begin after the first one's semicolon, outside of quotes.
    String unquoted = value.replaceAll("\"(\\\\.|[^\"\\\\])*\"|'(\\\\.|[^'\\\\])*'", "");
    int semicolon = unquoted.indexOf(';');
    boolean one = semicolon < 0 || unquoted.substring(semicolon + 1).isBlank();
    if (!LOGIN_MODULES.contains(module) || !one) {
      throw SpecObject.invalid(
          "%s must name one of the login modules %s and no other, it begins with %s"
              .formatted(path, LOGIN_MODULES, Quoted.of(module)));
    }
  }
}
