package io.starfire.cli.demo;

import io.starfire.common.Interval;

/** Commands for a person to try. */
final class Hints {
  private Hints() {}

  /** Three calls of curl that work as they are. */
  static String curl(int port, Interval interval) {
    String post =
        "curl -s 'http://127.0.0.1:%d/druid/v2?pretty' -H 'Content-Type: application/json' -d '%s'";
    String byPublisher =
        """
        {"queryType":"groupBy","dataSource":"ad_events","granularity":"all",\
        "intervals":["%s"],"dimensions":["publisher"],\
        "filter":{"type":"selector","dimension":"isClicked","value":"true"},\
        "aggregations":[{"type":"longSum","name":"clicks","fieldName":"clicks"}]}"""
            .formatted(interval);
    return String.join(
        "\n\n",
        "  " + post.formatted(port, HourQuery.text(interval)),
        "  " + post.formatted(port, byPublisher),
        "  curl -s http://127.0.0.1:%d/starfire/v1/timeline/ad_events".formatted(port));
  }
}
