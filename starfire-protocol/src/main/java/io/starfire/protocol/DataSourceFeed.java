package io.starfire.protocol;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.List;

/**
 * {@code POST /starfire/v1/datasources/NAME/feed}: the topics that a stream has written the rows of
 * a data source to, one for each time that it was begun anew.
 *
 * @param feeds in their order, the present one last
 */
public record DataSourceFeed(List<Feed> feeds) {
  /**
   * One of them.
   *
   * @param topic its name
   * @param withdraws whether the rows of the topics before it are made again in this one, so that
   *     they must not be seen together
   */
  public record Feed(String topic, boolean withdraws) {}

  public DataSourceFeed {
    if (feeds == null || feeds.isEmpty()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "feeds must name at least one topic; the present one comes last");
    }
    feeds = List.copyOf(feeds);
    for (Feed feed : feeds) {
      if (feed.topic() == null || feed.topic().isBlank()) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT, "each of feeds must have a topic, got " + feed);
      }
    }
  }

  /** The present topic. */
  public String topic() {
    return feeds.get(feeds.size() - 1).topic();
  }

  /** The place of a topic in the list, -1 if it is not in it. */
  public int indexOf(String topic) {
    for (int i = feeds.size() - 1; i >= 0; i--) {
      if (feeds.get(i).topic().equals(topic)) {
        return i;
      }
    }
    return -1;
  }

  /** Whether one of the topics behind a place makes the rows again that those before it held. */
  public boolean withdrawsAfter(int index) {
    return feeds.subList(index + 1, feeds.size()).stream().anyMatch(Feed::withdraws);
  }
}
