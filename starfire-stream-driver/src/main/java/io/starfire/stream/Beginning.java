package io.starfire.stream;

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

  /** See {@link #CONTINUE}. */
  record Continue() implements Beginning {}

  /** See {@link #NEW_TOPIC}. */
  record NewTopic() implements Beginning {}

  /** See {@link #reset}. */
  record Reset(StartFrom from, Predicate<String> consent) implements Beginning {}
}
