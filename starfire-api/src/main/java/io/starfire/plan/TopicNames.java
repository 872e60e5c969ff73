package io.starfire.plan;

import java.util.Locale;

/** The names of the topics that Starfire owns. Stateless. */
public final class TopicNames {
  private TopicNames() {}

  /** The application id, such as {@code starfire-ad-events} for {@code starfire} and AdEvents. */
  public static String applicationId(String prefix, Plan plan) {
    String kebab = plan.shortName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-");
    return prefix + "-" + kebab.toLowerCase(Locale.ROOT);
  }

  /** The log of a stage: the topic of all its shuffles. */
  public static String log(String applicationId, String stage) {
    return applicationId + "-" + stage + "-log";
  }

  /** The topic that carries the rows of a data source, unless the configuration names another. */
  public static String dataSource(String prefix, String dataSource) {
    return prefix + "-data-source-" + dataSource;
  }

  /** The topic of records that a pipeline could not use, unless the configuration names another. */
  public static String deadLetters(String applicationId) {
    return applicationId + "-dead-letters";
  }
}
