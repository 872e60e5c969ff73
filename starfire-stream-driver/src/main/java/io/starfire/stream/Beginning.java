package io.starfire.stream;

import io.starfire.archive.RawArchive;
import java.util.function.Predicate;

/** How a stream is to begin. */
public sealed interface Beginning {
  /** Continues where the stream was. The first start begins at the start of each log. */
  Beginning CONTINUE = new Continue();

  /**
   * Like {@link #CONTINUE}, but also reads raw topics that were created again, from their start.
   */
  Beginning NEW_TOPIC = new NewTopic();

  /** Begins again with empty state, unless that withdraws rows. */
  static Beginning reset(StartFrom from) {
    return reset(from, withdrawn -> false);
  }

  /**
   * Begins again with empty state.
   *
   * @param consent asked before rows are withdrawn; it gets a sentence about which
   */
  static Beginning reset(StartFrom from, Predicate<String> consent) {
    return new Reset(from, consent);
  }

  /**
   * Like {@link #CONTINUE}. But a first start also reads from an archive what the topics have lost
   * and open windows need, so that its first results are whole.
   */
  static Beginning warm(RawArchive archive) {
    return new Warm(archive);
  }

  /** See {@link #warm}. */
  record Warm(RawArchive archive) implements Beginning {}

  /** See {@link #CONTINUE}. */
  record Continue() implements Beginning {}

  /** See {@link #NEW_TOPIC}. */
  record NewTopic() implements Beginning {}

  /** See {@link #reset}. */
  record Reset(StartFrom from, Predicate<String> consent) implements Beginning {}
}
