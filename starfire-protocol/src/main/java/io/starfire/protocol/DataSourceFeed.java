package io.starfire.protocol;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.List;

/**
 * {@code POST /starfire/v1/datasources/NAME/feed}: the topics to which a stream has written the
 * rows of a data source. Each {@code --reset} of the stream adds one.
 *
 * @param feeds in the order of their use; the current one is last
 */
public record DataSourceFeed(List<Feed> feeds) {
  /**
   * One topic.
   *
   * @param topic its name
   * @param withdraws whether the stream writes the rows of the earlier topics again to this one, so
   *     that the earlier rows must be withdrawn
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

  /** The current topic. */
  public String topic() {
    return feeds.get(feeds.size() - 1).topic();
  }

  /** The index of a topic in the list; -1 if it is not there. */
  public int indexOf(String topic) {
    for (int i = feeds.size() - 1; i >= 0; i--) {
      if (feeds.get(i).topic().equals(topic)) {
        return i;
      }
    }
    return -1;
  }

  /** Whether a topic after this index withdraws the rows of the topics before it. */
  public boolean withdrawsAfter(int index) {
    return feeds.subList(index + 1, feeds.size()).stream().anyMatch(Feed::withdraws);
  }
}
