package io.starfire.common;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Properties of Kafka's clients that users may not set, be it in the configuration or in an
 * ingestion spec. Stateless.
 */
public final class KafkaProperties {
  /** Reading and writing each record exactly once depends on these. */
  private static final Set<String> OWNED =
      Set.of(
          "group.id",
          "group.instance.id",
          "group.protocol",
          "group.remote.assignor",
          "enable.auto.commit",
          "auto.commit.interval.ms",
          "auto.offset.reset",
          "isolation.level",
          "transactional.id",
          "allow.auto.create.topics",
          "partition.assignment.strategy",
          "enable.idempotence",
          "acks",
          "key.deserializer",
          "value.deserializer",
          "key.serializer",
          "value.serializer");

  /** A value names a class to load, or a place to fetch code from (CVE-2023-25194 and similar). */
  private static final Pattern LOADING =
      Pattern.compile(
          "security\\.providers|config\\.providers.*|metric\\.reporters"
              + "|sasl\\.oauthbearer\\..*|sasl\\.kerberos\\.kinit.*|ssl\\.engine\\.factory.*"
              + "|.*callback\\.handler.*"
              + "|(.*\\.)?(class|classes|class\\.name|deserializer|serializer|serde|interceptors?"
              + "|factory|extractor|config\\.setter|exception\\.handler|supplier)");

  private KafkaProperties() {}

  /** Whether Starfire sets the property itself, since its guarantees depend on it. */
  public static boolean isOwned(String name) {
    return OWNED.contains(name);
  }

  /** Whether the property could make a client load classes or run code. */
  public static boolean loadsCode(String name) {
    return LOADING.matcher(name).matches();
  }
}
