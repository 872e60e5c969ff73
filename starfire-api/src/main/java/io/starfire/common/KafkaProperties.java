package io.starfire.common;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which properties of Kafka's clients nobody may set: in the configuration, for the real-time node,
 * in an ingestion spec. Stateless.
 */
public final class KafkaProperties {
  /** Reading and writing each record exactly once hangs on these. */
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

  /** CVE-2023-25194 and its kin: a value names a class to load, or a place to fetch code from. */
  private static final Pattern LOADING =
      Pattern.compile(
          "security\\.providers|config\\.providers.*|metric\\.reporters"
              + "|sasl\\.oauthbearer\\..*|sasl\\.kerberos\\.kinit.*|ssl\\.engine\\.factory.*"
              + "|.*callback\\.handler.*"
              + "|(.*\\.)?(class|classes|class\\.name|deserializer|serializer|serde|interceptors?"
              + "|factory|extractor|config\\.setter|exception\\.handler|supplier)");

  private KafkaProperties() {}

  /** Whether Starfire sets the property itself, since its guarantees hang on it. */
  public static boolean isOwned(String name) {
    return OWNED.contains(name);
  }

  /** Whether the property would have a client load classes or run code. */
  public static boolean loadsCode(String name) {
    return LOADING.matcher(name).matches();
  }
}
