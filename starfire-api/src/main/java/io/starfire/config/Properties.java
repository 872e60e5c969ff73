package io.starfire.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.starfire.common.ErrorCode;
import io.starfire.common.KafkaProperties;
import io.starfire.common.StarfireException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Properties that are passed to Kafka and Hadoop. A property is refused if it could run code or
 * read files that the configuration chooses (CVE-2023-25194 and similar), or if Starfire's own
 * guarantees depend on its value.
 */
final class Properties {
  /** Refused beside those that load classes: login modules and serializations are code too. */
  private static final Pattern DANGEROUS =
      Pattern.compile(
          "(.*\\.)?sasl\\.jaas\\.config|.*\\.jaas\\.config|partition\\.assignment\\.strategy|io\\.serializations");

  /** Kafka's keys for which Starfire has a key of its own, and that key. */
  private static final Map<String, String> OWNED =
      Map.ofEntries(
          Map.entry("bootstrap.servers", "use starfire.kafka.bootstrap-servers"),
          Map.entry("application.id", "use starfire.stream.application-id-prefix"),
          Map.entry("processing.guarantee", "use starfire.stream.processing-guarantee"),
          Map.entry("state.dir", "use starfire.stream.state-dir"),
          Map.entry("num.stream.threads", "use starfire.stream.threads"),
          Map.entry("commit.interval.ms", "use starfire.stream.commit-interval"));

  private static final Set<String> GROUPS =
      Set.of(
          "starfire.kafka.properties", "starfire.hadoop.properties", "starfire.batch.properties");

  private Properties() {}

  static void flatten(String prefix, ConfigObject group, Map<String, String> into) {
    for (Map.Entry<String, ConfigValue> entry : group.entrySet()) {
      String key = prefix + entry.getKey();
      if (entry.getValue() instanceof ConfigObject nested) {
        flatten(key + ".", nested, into);
      } else if (entry.getValue().unwrapped() != null) {
        into.put(key, text(entry.getValue()));
      }
    }
  }

  static String text(ConfigValue value) {
    if (value instanceof ConfigList list) {
      List<String> items = list.stream().map(Properties::text).toList();
      return String.join(",", items);
    }
    return String.valueOf(value.unwrapped());
  }

  static void refuseDangerous(Config config) {
    for (String group : GROUPS) {
      SortedMap<String, String> properties = new TreeMap<>();
      flatten("", config.getObject(group), properties);
      for (String key : properties.keySet()) {
        if (KafkaProperties.loadsCode(key) || DANGEROUS.matcher(key).matches()) {
          throw refuse(
              group, key, "it can run code or read files; set it in the JVM, or leave it out");
        }
        String instead = OWNED.get(key);
        if (instead == null && KafkaProperties.isOwned(key)) {
          instead = "leave it out";
        }
        if (instead != null && group.equals("starfire.kafka.properties")) {
          throw refuse(group, key, "Starfire sets it itself; " + instead);
        }
      }
    }
  }

  private static StarfireException refuse(String group, String key, String reason) {
    return new StarfireException(
        ErrorCode.INVALID_INPUT, "%s.%s is not allowed: %s".formatted(group, key, reason));
  }
}
