package io.starfire.stream;

/** How a stream is to begin. */
public sealed interface Beginning {
  /** Continues where the stream was. The first start begins at the start of each log. */
  Beginning CONTINUE = new Continue();

  /**
   * Like {@link #CONTINUE}, but also reads raw topics that were created again, from their start.
   */
  Beginning NEW_TOPIC = new NewTopic();

  /** Begins again with empty state. */
  static Beginning reset(StartFrom from) {
    return new Reset(from);
  }

  /** See {@link #CONTINUE}. */
  record Continue() implements Beginning {}

  /** See {@link #NEW_TOPIC}. */
  record NewTopic() implements Beginning {}

  /** See {@link #reset}. */
  record Reset(StartFrom from) implements Beginning {}
}
