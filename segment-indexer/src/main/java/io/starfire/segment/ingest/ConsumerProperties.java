package io.starfire.segment.ingest;

import io.starfire.common.KafkaProperties;
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
    if (name.equals("isolation.level") && value.equals("read_committed")) {
      return;
    }
    if (name.equals("isolation.level")) {
      throw SpecObject.invalid(
          "%s must be read_committed, got %s: records of aborted transactions would be loaded; remove it"
              .formatted(path, Quoted.of(value)));
    }
    if (KafkaProperties.isOwned(name) || name.equals("client.id")) {
      throw SpecObject.invalid(
          "%s must not be set: Starfire sets it, because exactly-once loading depends on it; remove it"
              .formatted(path));
    }
    // Whoever writes the configuration may name a file of keys; whoever posts a spec may not.
    boolean loads = KafkaProperties.loadsCode(name) || name.endsWith(".location");
    if (loads) {
      throw SpecObject.invalid(
          "%s must not be set in a spec: it could make the server load classes or read files; set it in starfire.kafka of the server's configuration"
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
          "%s must begin with one of the login modules %s, got %s"
              .formatted(path, LOGIN_MODULES, Quoted.of(module)));
    }
  }
}
